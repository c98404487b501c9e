/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/app_install.h"

#include "detent/syscall.h"

/* docs/syscalls/10001_app_loader.md */
enum {
	LOADER_WRITE = 2,
	LOADER_ABORT = 5,
	LOADER_WRITTEN = 1, /* (status, length, -) */
	LOADER_ABORTED = 4, /* (status, -, -) */
	LOADER_BYTES = 0,
};

/* docs/syscalls/d0003_app_manager.md */
enum {
	MANAGER_RESERVE = 1,
	MANAGER_FINALIZE = 2,
	MANAGER_REMOVE = 3,
	MANAGER_LOAD = 4,
	MANAGER_LIST = 5,
	MANAGER_REASON = 6,
	MANAGER_DONE = 0, /* (status, address, -) */
	MANAGER_ANSWER = 0,
};

_Static_assert(sizeof(struct app_entry) == 96, "as the driver writes it");

bool app_install_permitted(void)
{
	return driver_exists(DRIVER_APP_MANAGER);
}

/* A command of the manager that ends with its upcall. */
static enum error manage(uint32_t number, uint32_t arg0, uint32_t arg1, uint32_t *address)
{
	enum error error = command_done(DRIVER_APP_MANAGER, number, arg0, arg1);

	if (error != E_OK)
		return error;

	struct upcall_values values = yield_wait_for(DRIVER_APP_MANAGER, MANAGER_DONE);

	if (address)
		*address = values.arg[1];
	return (enum error)values.arg[0];
}

enum error app_install_reserve(uint32_t size, uint32_t wanted, uint32_t *address)
{
	return manage(MANAGER_RESERVE, size, wanted, address);
}

enum error app_install_write(uint32_t offset, const void *bytes, size_t length)
{
	enum error error = allow_ro(DRIVER_APP_LOADER, LOADER_BYTES,
				    (struct allowed_const){bytes, length}, NULL);

	if (error == E_OK)
		error = command_done(DRIVER_APP_LOADER, LOADER_WRITE, offset, (uint32_t)length);
	if (error == E_OK)
		error = (enum error)yield_wait_for(DRIVER_APP_LOADER, LOADER_WRITTEN).arg[0];
	allow_ro(DRIVER_APP_LOADER, LOADER_BYTES, (struct allowed_const){NULL, 0}, NULL);
	return error;
}

enum error app_install_finalize(uint32_t instead, uint32_t *address)
{
	return manage(MANAGER_FINALIZE, instead, 0, address);
}

enum error app_install_abort(void)
{
	enum error error = command_done(DRIVER_APP_LOADER, LOADER_ABORT, 0, 0);

	if (error == E_OK)
		error = (enum error)yield_wait_for(DRIVER_APP_LOADER, LOADER_ABORTED).arg[0];
	return error;
}

enum error app_load(uint32_t address)
{
	return manage(MANAGER_LOAD, address, 0, NULL);
}

enum error app_uninstall(uint32_t address)
{
	return manage(MANAGER_REMOVE, address, 0, NULL);
}

/* A command of the manager that writes into `buffer` at once. */
static enum error ask(uint32_t number, uint32_t arg, struct allowed buffer, uint32_t *length)
{
	enum error error = allow_rw(DRIVER_APP_MANAGER, MANAGER_ANSWER, buffer, NULL);

	if (error == E_OK)
		error = command_value(DRIVER_APP_MANAGER, number, arg, length);
	allow_rw(DRIVER_APP_MANAGER, MANAGER_ANSWER, (struct allowed){NULL, 0}, NULL);
	return error;
}

enum error app_entry_get(uint32_t index, struct app_entry *entry)
{
	uint32_t length;

	return ask(MANAGER_LIST, index, (struct allowed){entry, sizeof(*entry)}, &length);
}

size_t app_install_reason(char *text, size_t size)
{
	uint32_t length = 0;

	if (size == 0)
		return 0;
	if (ask(MANAGER_REASON, 0, (struct allowed){text, size - 1}, &length) != E_OK)
		length = 0;
	text[length] = '\0';
	return length;
}
