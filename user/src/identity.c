/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/identity.h"

#include "detent/syscall.h"

/* docs/syscalls/d0005_app_identity.md */
enum {
	COMMAND_OWN = 1,
	COMMAND_OF = 2,
	COMMAND_TRUST = 3,
	COMMAND_NAME = 4,
	COMMAND_FIND = 5,
	ALLOW_NAME = 0,
};

static enum error two(uint32_t number, uint32_t process, uint32_t values[2])
{
	struct command_return answer = command(DRIVER_APP_IDENTITY, number, process, 0);

	if (answer.variant != SYSCALL_SUCCESS_2_U32)
		return (enum error)answer.value[0];
	values[0] = answer.value[0];
	values[1] = answer.value[1];
	return E_OK;
}

enum error identity_of(uint32_t process, struct identity *identity)
{
	uint32_t who[2], trust[2];
	enum error error = two(COMMAND_OF, process, who);

	if (error == E_OK)
		error = two(COMMAND_TRUST, process, trust);
	if (error == E_OK)
		*identity = (struct identity){
			.short_id = who[0],
			.version = who[1],
			.credential = trust[0],
			.key = trust[1] & 0xFF,
			.role = trust[1] >> 8 & 0xFF,
		};
	return error;
}

enum error identity_name(uint32_t process, char *name, size_t capacity)
{
	uint32_t length;
	enum error error;

	if (capacity == 0)
		return E_SIZE;
	error = allow_rw(DRIVER_APP_IDENTITY, ALLOW_NAME, (struct allowed){name, capacity - 1},
			 NULL);
	if (error != E_OK)
		return error;
	error = command_value(DRIVER_APP_IDENTITY, COMMAND_NAME, process, &length);
	allow_rw(DRIVER_APP_IDENTITY, ALLOW_NAME, (struct allowed){NULL, 0}, NULL);
	if (error == E_OK)
		name[length < capacity - 1 ? length : capacity - 1] = '\0';
	return error;
}

enum error identity_find(uint32_t short_id, uint32_t *process)
{
	return command_value(DRIVER_APP_IDENTITY, COMMAND_FIND, short_id, process);
}

enum error identity_own(uint32_t *process)
{
	return command_value(DRIVER_APP_IDENTITY, COMMAND_OWN, 0, process);
}
