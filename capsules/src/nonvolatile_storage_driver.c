/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/nonvolatile_storage_driver.h"

#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	NVS_EXISTS = 0,
	NVS_SIZE = 1,
	NVS_READ = 2,
	NVS_WRITE = 3,
};

enum { UPCALL_READ = 0, UPCALL_WRITE = 1 };
enum { ALLOW_BUFFER = 0 }; /* read-only to write from, read-write to read into */

/* The interface has no place for an error: fewer bytes than asked for say it. */
static void nvs_ended(struct grant_entry *entry, enum area_command command, enum error status,
		      uint32_t length)
{
	(void)status;
	upcall_schedule(entry, command == AREA_READ ? UPCALL_READ : UPCALL_WRITE, length, 0, 0);
}

static syscall_result transfer(struct area_driver *self, struct process_id process,
			       enum area_command command, const uint32_t argument[2])
{
	struct area_grant wanted = {.command = (uint8_t)command, .offset = argument[0]};
	uint32_t size = self->area.size;
	uint32_t shared;

	if (argument[0] > size || argument[1] > size - argument[0])
		return syscall_failure(E_INVAL);
	{
		GRANT_ENTER(entry, &self->driver, process);
		if (entry == NULL)
			return syscall_failure(E_NOMEM);
		shared = (uint32_t)(command == AREA_READ ? allow_rw_length(entry, ALLOW_BUFFER)
							 : allow_ro_length(entry, ALLOW_BUFFER));
	}
	if (shared == 0 || argument[1] == 0)
		return syscall_failure(E_RESERVE);
	wanted.length = argument[1] < shared ? argument[1] : shared;

	enum error error = area_driver_begin(self, process, &wanted);

	return syscall_from_error(error == E_BUSY ? E_NOMEM : error);
}

static syscall_result nvs_command(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2])
{
	struct area_driver *self = CONTAINER_OF(driver, struct area_driver, driver);
	struct storage_rights rights;

	if (number == NVS_EXISTS)
		return syscall_success();
	if (number > NVS_WRITE || !process_storage_rights(process, &rights) || !rights.may_create)
		return syscall_failure(E_NOSUPPORT);
	if (number == NVS_SIZE)
		return syscall_success_u32(self->area.size);
	return transfer(self, process, number == NVS_READ ? AREA_READ : AREA_WRITE, argument);
}

static const struct driver_type nvs_driver_type = {
	.command = nvs_command,
	.grant = {.size = sizeof(struct area_grant), .upcalls = 2, .allow_ro = 1, .allow_rw = 1},
};

static const struct area_driver_ops area_ops = {
	.ended = nvs_ended,
};

void nonvolatile_storage_driver_init(struct area_driver *self, struct storage *storage,
				     uint32_t size)
{
	const struct area_driver_config config = {
		.storage = storage,
		.type = &nvs_driver_type,
		.ops = &area_ops,
		.space = STORAGE_NONVOLATILE,
		.size = size,
	};

	area_driver_init(self, &config);
}
