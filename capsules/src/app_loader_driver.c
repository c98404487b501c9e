/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The interface of Tock's app loader. A write is stored in pieces, so that what the
 * process shares is copied when its turn comes.
 */
#include "capsules/app_loader_driver.h"

#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	LOADER_EXISTS = 0,
	LOADER_SETUP = 1,
	LOADER_WRITE = 2,
	LOADER_FINALIZE = 3,
	LOADER_LOAD = 4,
	LOADER_ABORT = 5,
	LOADER_UNLOAD = 6,
};

enum { LOADER_UPCALLS = 6 }; /* command n has number n - 1 */
enum { ALLOW_WRITE = 0 };    /* read-only */

static enum error loader_submit(struct app_loader_driver *self, uint32_t operation, uint32_t offset,
				uint32_t length)
{
	self->request.operation = operation;
	self->request.offset = offset;
	self->request.length = length;
	self->request.bytes = self->piece;
	return app_installer_submit(self->installer, &self->request);
}

static enum error loader_submit_piece(struct app_loader_driver *self,
				      const struct grant_entry *entry)
{
	uint32_t left = self->length - self->done;
	uint32_t length = left < APP_LOADER_PIECE ? left : APP_LOADER_PIECE;

	if (allow_ro_read(entry, ALLOW_WRITE, self->done, self->piece, length) != E_OK)
		return E_RESERVE;
	return loader_submit(self, APP_INSTALLER_WRITE, self->offset + self->done, length);
}

static enum error loader_setup(struct app_loader_driver *self, uint32_t length)
{
	enum error error;

	if (app_installer_is_writing(self->installer))
		return E_INVAL;
	error = loader_submit(self, APP_INSTALLER_RESERVE, APP_INSTALLER_ANY, length);
	return error == E_OK || error == E_BUSY ? error : E_FAIL;
}

static enum error loader_write(struct app_loader_driver *self, uint32_t offset, uint32_t length)
{
	GRANT_ENTER(entry, &self->driver, self->process);
	if (entry == NULL)
		return E_NOMEM;
	if (!app_installer_is_writing(self->installer))
		return E_INVAL;
	if (allow_ro_length(entry, ALLOW_WRITE) == 0)
		return E_RESERVE;
	if (length == 0 || length > allow_ro_length(entry, ALLOW_WRITE) ||
	    length > UINT32_MAX - offset)
		return E_INVAL;
	self->offset = offset;
	self->length = length;
	self->done = 0;
	return loader_submit_piece(self, entry);
}

static enum error loader_finalize(struct app_loader_driver *self)
{
	if (!app_installer_is_writing(self->installer))
		return E_INVAL;
	return loader_submit(self, APP_INSTALLER_FINALIZE, APP_INSTALLER_ANY, 0);
}

static enum error loader_load(struct app_loader_driver *self)
{
	if (app_installer_is_writing(self->installer) ||
	    app_installer_finalized(self->installer) == APP_INSTALLER_ANY)
		return E_INVAL;
	return loader_submit(self, APP_INSTALLER_LOAD, app_installer_finalized(self->installer), 0);
}

static enum error loader_abort(struct app_loader_driver *self)
{
	if (!app_installer_is_writing(self->installer))
		return E_INVAL;
	return loader_submit(self, APP_INSTALLER_ABANDON, 0, 0);
}

static enum error loader_unload(struct app_loader_driver *self, uint32_t short_id)
{
	uint32_t offset = app_offset_of(self->loading, process_by_short_id(short_id, false));

	if (short_id == 0 || offset == APP_INSTALLER_ANY)
		return E_INVAL;
	self->handle = app_region_address(self->loading) + offset;
	return loader_submit(self, APP_INSTALLER_UNLOAD, offset, 0);
}

static enum error loader_start(struct app_loader_driver *self, uint32_t number,
			       const uint32_t argument[2])
{
	switch (number) {
	case LOADER_SETUP:
		return loader_setup(self, argument[0]);
	case LOADER_WRITE:
		return loader_write(self, argument[0], argument[1]);
	case LOADER_FINALIZE:
		return loader_finalize(self);
	case LOADER_LOAD:
		return loader_load(self);
	case LOADER_ABORT:
		return loader_abort(self);
	default:
		return loader_unload(self, argument[0]);
	}
}

static syscall_result loader_command(struct driver *driver, struct process_id process,
				     uint32_t number, uint32_t argument[2])
{
	struct app_loader_driver *self = CONTAINER_OF(driver, struct app_loader_driver, driver);
	enum error error;

	if (!process_may_install(process))
		return syscall_failure(E_NODEVICE);
	if (number == LOADER_EXISTS)
		return syscall_success();
	if (number > LOADER_UNLOAD)
		return syscall_failure(E_NOSUPPORT);
	error = app_installer_claim(self->installer, process);
	if (error == E_OK && self->command != 0)
		error = E_BUSY;
	if (error != E_OK)
		return syscall_failure(error);
	self->process = process;
	self->handle = 0;
	error = loader_start(self, number, argument);
	if (error == E_OK)
		self->command = number;
	else if (!app_installer_is_writing(self->installer) && error != E_BUSY)
		app_installer_release(self->installer);
	return syscall_from_error(error);
}

static const struct driver_type app_loader_driver_type = {
	.command = loader_command,
	.grant = {.upcalls = LOADER_UPCALLS, .allow_ro = 1},
};

/* What the upcall says beside the status. */
static uint32_t loader_value(const struct app_loader_driver *self, uint32_t command)
{
	if (command == LOADER_WRITE)
		return self->done;
	return command == LOADER_UNLOAD ? self->handle : 0;
}

static void loader_finished(struct app_installer_request *request, enum error status)
{
	struct app_loader_driver *self = CONTAINER_OF(request, struct app_loader_driver, request);
	uint32_t command = self->command;

	GRANT_ENTER_EXISTING(entry, &self->driver, self->process);
	self->command = 0;
	if (entry == NULL)
		return;
	if (command == LOADER_WRITE && status == E_OK) {
		self->done += request->length;
		if (self->done < self->length)
			status = loader_submit_piece(self, entry);
		if (self->done < self->length && status == E_OK) {
			self->command = command;
			return;
		}
	}
	if (command >= LOADER_LOAD || (command == LOADER_FINALIZE && status != E_OK))
		app_installer_release(self->installer);
	/* Tock has FAIL for every other reason not to run. */
	if (command == LOADER_LOAD && status != E_NOMEM && status != E_INVAL && status != E_OK)
		status = E_FAIL;
	upcall_schedule(entry, command - 1, (uint32_t)status, loader_value(self, command), 0);
}

static const struct app_installer_request_ops request_ops = {.finished = loader_finished};

void app_loader_driver_init(struct app_loader_driver *self, struct app_installer *installer,
			    const struct cap_app_loading *loading)
{
	*self = (struct app_loader_driver){
		.driver = {.type = &app_loader_driver_type},
		.installer = installer,
		.loading = loading,
		.request = {.ops = &request_ops, .operation = APP_INSTALLER_RESERVE},
	};
}
