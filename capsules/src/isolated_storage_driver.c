/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/isolated_storage_driver.h"

#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	INVS_EXISTS = 0,
	INVS_SIZE = 1,
	INVS_READ = 2,
	INVS_WRITE = 3,
};

enum { UPCALL_SIZE = 0, UPCALL_READ = 1, UPCALL_WRITE = 2 };
enum { ALLOW_BUFFER = 0 }; /* read-only to write from, read-write to read into */

static bool permitted(struct process_id process)
{
	struct storage_rights rights;

	return process_storage_rights(process, &rights) && rights.may_create;
}

static syscall_result tell_size(struct area_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	if (GRANT_STATE(entry, struct area_grant)->command != AREA_NONE)
		return syscall_failure(E_BUSY);
	upcall_schedule(entry, UPCALL_SIZE, E_OK, self->area.size, 0);
	return syscall_success();
}

static void invs_ended(struct grant_entry *entry, enum area_command command, enum error status,
		       uint32_t length)
{
	upcall_schedule(entry, command == AREA_READ ? UPCALL_READ : UPCALL_WRITE, (uint32_t)status,
			length, 0);
}

static bool within(const struct area_driver *self, const uint32_t argument[2], uint32_t length)
{
	uint32_t size = self->area.size;

	return argument[1] == 0 && argument[0] <= size && length <= size - argument[0];
}

/*
 * A range outside the region is refused at once: upstream's library takes the
 * upcall's status for a return code and would see no error in it.
 */
static syscall_result transfer(struct area_driver *self, struct process_id process,
			       enum area_command command, const uint32_t argument[2])
{
	struct area_grant wanted = {.command = (uint8_t)command, .offset = argument[0]};

	{
		GRANT_ENTER(entry, &self->driver, process);
		if (entry == NULL)
			return syscall_failure(E_NOMEM);
		if (GRANT_STATE(entry, struct area_grant)->command != AREA_NONE)
			return syscall_failure(E_BUSY);
		wanted.length =
			(uint32_t)(command == AREA_READ ? allow_rw_length(entry, ALLOW_BUFFER)
							: allow_ro_length(entry, ALLOW_BUFFER));
		if (!within(self, argument, wanted.length))
			return syscall_failure(E_INVAL);
		if (wanted.length == 0) {
			invs_ended(entry, command, E_RESERVE, 0);
			return syscall_success();
		}
	}
	return syscall_from_error(area_driver_begin(self, process, &wanted));
}

static syscall_result invs_command(struct driver *driver, struct process_id process,
				   uint32_t number, uint32_t argument[2])
{
	struct area_driver *self = CONTAINER_OF(driver, struct area_driver, driver);

	if (number == INVS_EXISTS)
		return syscall_success();
	if (number > INVS_WRITE || !permitted(process))
		return syscall_failure(E_NOSUPPORT);
	if (number == INVS_SIZE)
		return tell_size(self, process);
	return transfer(self, process, number == INVS_READ ? AREA_READ : AREA_WRITE, argument);
}

static const struct driver_type invs_driver_type = {
	.command = invs_command,
	.grant = {.size = sizeof(struct area_grant), .upcalls = 3, .allow_ro = 1, .allow_rw = 1},
};

static const struct area_driver_ops area_ops = {
	.ended = invs_ended,
};

void isolated_storage_driver_init(struct area_driver *self, struct storage *storage, uint32_t size)
{
	const struct area_driver_config config = {
		.storage = storage,
		.type = &invs_driver_type,
		.ops = &area_ops,
		.space = STORAGE_ISOLATED,
		.size = size,
	};

	area_driver_init(self, &config);
}
