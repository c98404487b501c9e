/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/app_identity_driver.h"

#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	IDENTITY_EXISTS = 0,
	IDENTITY_OWN_HANDLE = 1,
	IDENTITY_OF = 2,     /* short id, version */
	IDENTITY_TRUST = 3,  /* what vouches for it */
	IDENTITY_NAME = 4,   /* into the buffer */
	IDENTITY_HANDLE = 5, /* of the application with this short id */
};

enum { ALLOW_NAME = 0 }; /* read-write */
enum { NAME_CAPACITY = 65 };

static syscall_result give_name(struct app_identity_driver *self, struct process_id asker,
				struct process_id whose)
{
	char name[NAME_CAPACITY];
	size_t length = process_identity_name(whose, name, sizeof(name));

	GRANT_ENTER(entry, &self->driver, asker);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	size_t room = allow_rw_length(entry, ALLOW_NAME);
	size_t part = length < room ? length : room;
	enum error error = allow_rw_write(entry, ALLOW_NAME, 0, name, part);

	return error == E_OK ? syscall_success_u32((uint32_t)length) : syscall_failure(error);
}

static syscall_result tell_of(struct app_identity_driver *self, struct process_id asker,
			      uint32_t number, uint32_t argument[2])
{
	struct process_id whose = {argument[0]};
	struct app_identity identity;

	if (process_id_is_none(whose))
		whose = asker;
	if (!process_identity(whose, &identity))
		return syscall_failure(E_NODEVICE);
	if (number == IDENTITY_NAME)
		return give_name(self, asker, whose);
	if (number == IDENTITY_OF)
		return syscall_success_2_u32(argument, identity.short_id, identity.version);
	return syscall_success_2_u32(argument, identity.credential,
				     (uint32_t)identity.key | (uint32_t)identity.role << 8);
}

static syscall_result app_identity_command(struct driver *driver, struct process_id process,
					   uint32_t number, uint32_t argument[2])
{
	struct app_identity_driver *self = CONTAINER_OF(driver, struct app_identity_driver, driver);

	switch (number) {
	case IDENTITY_EXISTS:
		return syscall_success();
	case IDENTITY_OWN_HANDLE:
		return syscall_success_u32(process.raw);
	case IDENTITY_OF:
	case IDENTITY_TRUST:
	case IDENTITY_NAME:
		return tell_of(self, process, number, argument);
	case IDENTITY_HANDLE: {
		struct process_id found = process_by_short_id(argument[0], false);

		return process_id_is_none(found) ? syscall_failure(E_NODEVICE)
						 : syscall_success_u32(found.raw);
	}
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type driver_type = {
	.command = app_identity_command,
	.grant = {.allow_rw = 1},
};

void app_identity_driver_init(struct app_identity_driver *self)
{
	self->driver = (struct driver){.type = &driver_type};
}
