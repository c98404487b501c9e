/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/app_install.h"

#include "operation.h"

/* docs/syscalls/10001_app_loader.md */
enum {
	LOADER_WRITE = 2,
	LOADER_ABORT = 5,
	LOADER_WRITTEN = 1, /* (status, length, -) */
	LOADER_ABORTED = 4, /* (status, -, -) */
	LOADER_BYTES = 0,
};

_Static_assert(sizeof(struct app_entry) == 96, "as the driver writes it");

bool app_install_permitted(void)
{
	return driver_exists(DRIVER_APP_MANAGER);
}

static struct operation_pending pending;

/* A command of the manager that ends with its upcall. */
static struct operation managing(uint32_t number, uint32_t arg0, uint32_t arg1)
{
	return (struct operation){
		.driver = DRIVER_APP_MANAGER,
		.command = number,
		.event = MANAGER_DONE,
		.arg = {arg0, arg1},
	};
}

static struct operation writing(uint32_t offset, const void *bytes, size_t length)
{
	return (struct operation){
		.driver = DRIVER_APP_LOADER,
		.command = LOADER_WRITE,
		.event = LOADER_WRITTEN,
		.arg = {offset, (uint32_t)length},
		.bytes = {bytes, length},
	};
}

static const struct operation aborting = {
	.driver = DRIVER_APP_LOADER, .command = LOADER_ABORT, .event = LOADER_ABORTED};

static enum error wait_for(struct operation operation, uint32_t *address)
{
	size_t value = 0;
	enum error error = operation_wait(&pending, &operation, &value);

	if (address)
		*address = (uint32_t)value;
	return error;
}

static enum error start(struct operation operation, app_install_done *done, void *context)
{
	return operation_start(&pending, &operation, done, context);
}

enum error app_install_reserve(uint32_t size, uint32_t wanted, uint32_t *address)
{
	return wait_for(managing(MANAGER_RESERVE, size, wanted), address);
}

enum error app_install_write(uint32_t offset, const void *bytes, size_t length)
{
	return wait_for(writing(offset, bytes, length), NULL);
}

enum error app_install_finalize(uint32_t instead, uint32_t *address)
{
	return wait_for(managing(MANAGER_FINALIZE, instead, 0), address);
}

enum error app_install_abort(void)
{
	return wait_for(aborting, NULL);
}

enum error app_load(uint32_t address)
{
	return wait_for(managing(MANAGER_LOAD, address, 0), NULL);
}

enum error app_uninstall(uint32_t address)
{
	return wait_for(managing(MANAGER_REMOVE, address, 0), NULL);
}

enum error app_entry_set_flags(uint32_t address, uint32_t flags)
{
	return wait_for(managing(MANAGER_FLAGS, address, flags), NULL);
}

enum error app_install_reserve_start(uint32_t size, uint32_t wanted, app_install_done *done,
				     void *context)
{
	return start(managing(MANAGER_RESERVE, size, wanted), done, context);
}

enum error app_install_write_start(uint32_t offset, struct app_install_bytes bytes,
				   app_install_done *done, void *context)
{
	return start(writing(offset, bytes.start, bytes.length), done, context);
}

enum error app_install_finalize_start(uint32_t instead, app_install_done *done, void *context)
{
	return start(managing(MANAGER_FINALIZE, instead, 0), done, context);
}

enum error app_install_abort_start(app_install_done *done, void *context)
{
	return start(aborting, done, context);
}

enum error app_load_start(uint32_t address, app_install_done *done, void *context)
{
	return start(managing(MANAGER_LOAD, address, 0), done, context);
}

enum error app_uninstall_start(uint32_t address, app_install_done *done, void *context)
{
	return start(managing(MANAGER_REMOVE, address, 0), done, context);
}

enum error app_entry_set_flags_start(uint32_t address, uint32_t flags, app_install_done *done,
				     void *context)
{
	return start(managing(MANAGER_FLAGS, address, flags), done, context);
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
