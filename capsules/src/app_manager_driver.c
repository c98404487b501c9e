/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/app_manager_driver.h"

#include "abi/app_manager.h"
#include "abi/tbf.h"
#include "kernel/grant.h"
#include "kernel/process_admin.h"
#include "lib/bytes.h"
#include "lib/compiler.h"

/* An address in the region as an offset; APP_INSTALLER_ANY stays, others give E_INVAL. */
static enum error manager_offset(const struct app_manager_driver *self, uint32_t address,
				 uint32_t *offset)
{
	*offset = address;
	if (address == APP_INSTALLER_ANY)
		return E_OK;
	*offset = address - app_region_address(self->loading);
	return *offset < app_region_size(self->loading) ? E_OK : E_INVAL;
}

static enum error manager_submit(struct app_manager_driver *self, uint32_t number,
				 const uint32_t argument[2])
{
	static const uint8_t operations[] = {
		[MANAGER_RESERVE] = APP_INSTALLER_RESERVE,
		[MANAGER_FINALIZE] = APP_INSTALLER_FINALIZE,
		[MANAGER_REMOVE] = APP_INSTALLER_REMOVE,
		[MANAGER_LOAD] = APP_INSTALLER_LOAD,
		[MANAGER_FLAGS] = APP_INSTALLER_FLAGS,
	};
	bool sized = number == MANAGER_RESERVE;
	enum error error = manager_offset(self, argument[sized ? 1 : 0], &self->request.offset);

	if (error == E_OK && number >= MANAGER_REMOVE && self->request.offset == APP_INSTALLER_ANY)
		error = E_INVAL;
	if (error != E_OK)
		return error;
	self->request.operation = operations[number];
	self->request.length = sized ? argument[0] : argument[1];
	return app_installer_submit(self->installer, &self->request);
}

static syscall_result manager_start(struct app_manager_driver *self, struct process_id process,
				    uint32_t number, const uint32_t argument[2])
{
	enum error error;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	error = app_installer_claim(self->installer, process);
	if (error == E_OK)
		error = manager_submit(self, number, argument);
	if (error == E_OK)
		self->process = process;
	else if (error != E_BUSY && !app_installer_is_writing(self->installer))
		app_installer_release(self->installer);
	return syscall_from_error(error);
}

/* The application number `index` of the region; damaged ones count, padding does not. */
static bool manager_find(const struct app_manager_driver *self, uint32_t index,
			 struct app_region_item *item)
{
	item->next = 0;
	do {
		app_region_look(self->loading, item->next, item);
		if (item->kind != APP_REGION_PADDING && index-- == 0)
			break;
	} while (item->kind != APP_REGION_END);
	return item->kind != APP_REGION_END;
}

/* The state of the application's process: the slot of its handle tells. */
static uint32_t manager_state(const struct app_manager_driver *self, uint32_t offset)
{
	struct process_id id = app_process(self->loading, offset);
	struct process_info info;

	if (process_id_is_none(id) || !process_inspect(self->admin, process_id_slot(id), &info))
		return PROCESS_UNUSED;
	return (uint32_t)info.state;
}

static void manager_describe(struct app_manager_driver *self, const struct app_region_item *item)
{
	bool whole = item->kind == APP_REGION_APP;
	uint32_t flags = whole ? item->info.flags & (APP_ENTRY_ENABLED | APP_ENTRY_STICKY)
			       : APP_ENTRY_DAMAGED;
	uint32_t length = whole ? item->info.name.length : 0;
	const uint32_t words[] = {
		app_region_address(self->loading) + item->offset,
		item->next - item->offset,
		whole ? item->info.short_id : 0,
		whole ? item->info.app_version : 0,
		flags,
		manager_state(self, item->offset),
		whole ? item->info.min_ram : 0,
		length < APP_MANAGER_NAME ? length : APP_MANAGER_NAME,
	};

	for (uint32_t i = 0; i < sizeof(self->entry); i++)
		self->entry[i] = 0;
	for (uint32_t i = 0; i < ARRAY_LENGTH(words); i++)
		le32_store(self->entry + 4 * i, words[i]);
	app_region_read(self->loading, item->offset + item->info.name.offset,
			self->entry + sizeof(words), words[7]);
}

static syscall_result manager_list(struct app_manager_driver *self, const struct grant_entry *entry,
				   uint32_t index)
{
	struct app_region_item item;

	if (!manager_find(self, index, &item))
		return syscall_failure(E_NODEVICE);
	manager_describe(self, &item);

	enum error error =
		allow_rw_write(entry, MANAGER_ANSWER, 0, self->entry, sizeof(self->entry));

	if (error != E_OK)
		return syscall_failure(error);
	return syscall_success_u32(sizeof(self->entry));
}

static syscall_result manager_reason(struct app_manager_driver *self,
				     const struct grant_entry *entry)
{
	const char *reason = app_installer_reason(self->installer);
	uint32_t length = 0;

	while (reason != NULL && reason[length] != '\0' &&
	       length < allow_rw_length(entry, MANAGER_ANSWER))
		length++;
	if (length != 0 && allow_rw_write(entry, MANAGER_ANSWER, 0, reason, length) != E_OK)
		return syscall_failure(E_FAIL);
	return syscall_success_u32(length);
}

static syscall_result manager_command(struct driver *driver, struct process_id process,
				      uint32_t number, uint32_t argument[2])
{
	struct app_manager_driver *self = CONTAINER_OF(driver, struct app_manager_driver, driver);

	if (!process_may_install(process))
		return syscall_failure(E_NODEVICE);
	if (number == MANAGER_EXISTS)
		return syscall_success();
	if (number > MANAGER_FLAGS)
		return syscall_failure(E_NOSUPPORT);
	if (number == MANAGER_FLAGS && argument[1] > (APP_ENTRY_ENABLED | APP_ENTRY_STICKY))
		return syscall_failure(E_INVAL);
	if (number < MANAGER_LIST || number == MANAGER_FLAGS)
		return manager_start(self, process, number, argument);

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	if (number == MANAGER_REASON)
		return manager_reason(self, entry);
	return manager_list(self, entry, argument[0]);
}

static const struct driver_type app_manager_driver_type = {
	.command = manager_command,
	.grant = {.upcalls = 1, .allow_rw = 1},
};

static void manager_finished(struct app_installer_request *request, enum error status)
{
	struct app_manager_driver *self = CONTAINER_OF(request, struct app_manager_driver, request);
	uint32_t address = request->offset;

	GRANT_ENTER_EXISTING(entry, &self->driver, self->process);
	self->process = process_id_none();
	if (!app_installer_is_writing(self->installer) &&
	    request->operation != APP_INSTALLER_FINALIZE)
		app_installer_release(self->installer);
	if (entry == NULL)
		return;
	if (address != APP_INSTALLER_ANY)
		address += app_region_address(self->loading);
	upcall_schedule(entry, MANAGER_DONE, (uint32_t)status, status == E_OK ? address : 0, 0);
}

static const struct app_installer_request_ops request_ops = {.finished = manager_finished};

void app_manager_driver_init(struct app_manager_driver *self, struct app_installer *installer,
			     const struct app_manager_rights *rights)
{
	*self = (struct app_manager_driver){
		.driver = {.type = &app_manager_driver_type},
		.installer = installer,
		.request = {.ops = &request_ops, .operation = APP_INSTALLER_RESERVE},
		.loading = rights->loading,
		.admin = rights->admin,
	};
}
