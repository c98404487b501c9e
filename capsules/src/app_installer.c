/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/app_installer.h"

#include "capsules/app_installer_state.h"

#include "kernel/log.h"
#include "kernel/process_admin.h"
#include "lib/compiler.h"

/* What the request under way waits for. */
enum phase {
	IDLE,
	STORING,  /* the store, and nothing after it */
	SEALING,  /* the store; a check follows */
	CHECKING, /* the kernel */
	TAKING,   /* the store: what was checked is accepted */
	REFUSING, /* the store: what was checked is taken back */
	STEERING, /* the deferred call: a process begins or ends */
	ENDING,   /* the deferred call */
};

static void installer_peek(struct app_medium *medium, uint32_t offset, uint8_t *to, uint32_t length)
{
	struct app_installer *self = CONTAINER_OF(medium, struct app_installer, medium);

	app_region_read(self->loading, offset, to, length);
}

static void installer_item_at(struct app_medium *medium, uint32_t offset,
			      struct app_region_item *item)
{
	struct app_installer *self = CONTAINER_OF(medium, struct app_installer, medium);

	app_region_look(self->loading, offset, item);
}

static const struct app_medium_ops medium_ops = {
	.peek = installer_peek,
	.item_at = installer_item_at,
};

static enum error installer_perform(struct app_installer *self,
				    const struct app_store_request *request)
{
	uint8_t *slot = request->bytes;

	if (request->kind == APP_STORE_WRITE)
		return self->flash->ops->write(self->flash, request->offset, &slot,
					       request->length);
	return self->flash->ops->erase(self->flash,
				       request->offset / self->flash->geometry.page_bytes);
}

static void installer_end(struct app_installer *self, enum error status)
{
	self->status = status;
	self->phase = ENDING;
	deferred_set(&self->deferred);
}

/* The binary as it lies in flash is complete and its header counts, until it is refused. */
static void installer_check(struct app_installer *self)
{
	uint32_t offset = self->store.start;

	self->phase = CHECKING;
	self->check.binary = (struct app_binary){
		.address = app_region_address(self->loading) + offset,
		.size = self->store.length,
	};
	if (app_check_start(self->checking, &self->check) == E_OK)
		return;
	self->phase = REFUSING;
	self->status = E_FAIL;
	deferred_set(&self->deferred);
}

/* Ends the process of an application that goes; it may have none, and gets none. */
static void installer_unload(struct app_installer *self, uint32_t offset)
{
	app_loading_forget(self->loading, offset, APP_STORE_HEAD);

	enum error error = app_unload(self->loading, offset);

	(void)error;
}

/* What was replaced must not go on running: nothing protects its flash from now on. */
static void installer_taken(struct app_installer *self)
{
	struct app_installer_request *request = self->request;

	if (request->offset != APP_INSTALLER_ANY)
		installer_unload(self, request->offset);
	request->offset = self->finished_at;
	installer_end(self, E_OK);
}

/* The store's operation has ended. */
static void installer_stored(struct app_installer *self)
{
	struct app_installer_request *request = self->request;
	enum error status = self->store.status;

	if (self->phase == SEALING && status == E_OK) {
		installer_check(self);
		return;
	}
	if (self->phase == SEALING)
		self->reason = "its header is damaged";
	if (self->phase == REFUSING) {
		installer_unload(self, self->store.start);
		installer_end(self, self->status);
		return;
	}
	if (status == E_OK && self->phase == TAKING) {
		installer_taken(self);
		return;
	}
	if (status == E_OK && request->operation == APP_INSTALLER_RESERVE)
		request->offset = self->store.start;
	installer_end(self, status);
}

/* Goes on until the flash or the kernel has something to do. */
static void installer_advance(struct app_installer *self)
{
	struct app_store_request request;

	while (app_store_step(&self->store, &request)) {
		if (installer_perform(self, &request) == E_OK)
			return;
		app_store_done(&self->store, E_FAIL);
	}
	installer_stored(self);
}

static void installer_flashed(struct app_installer *self, enum error status)
{
	app_store_done(&self->store, status);
	installer_advance(self);
}

static void installer_read_done(struct flash_client *client, uint8_t *buffer, enum error status)
{
	(void)client; /* nothing is read through the flash: it is memory */
	(void)buffer;
	(void)status;
}

static void installer_written(struct flash_client *client, uint8_t *buffer, enum error status)
{
	(void)buffer;
	installer_flashed(CONTAINER_OF(client, struct app_installer, client), status);
}

static void installer_erased(struct flash_client *client, enum error status)
{
	installer_flashed(CONTAINER_OF(client, struct app_installer, client), status);
}

static const struct flash_client_ops client_ops = {
	.read = installer_read_done,
	.written = installer_written,
	.erased = installer_erased,
};

/* Accepts or takes back what was checked. */
static void installer_checked(struct app_check *check, enum error status)
{
	struct app_installer *self = CONTAINER_OF(check, struct app_installer, check);

	self->reason = check->reason;
	self->finished_at = self->store.start;
	self->phase = TAKING;
	self->status = status;
	if (status == E_OK)
		self->status = app_store_accept(&self->store, self->request->offset);
	if (self->status != E_OK) {
		self->finished_at = APP_INSTALLER_ANY;
		self->phase = REFUSING;
		/* Another check of it may have been in time for it to be loaded. */
		installer_unload(self, self->store.start);
		if (app_store_reject(&self->store) != E_OK) {
			installer_end(self, E_FAIL);
			return;
		}
	}
	installer_advance(self);
}

static const struct app_check_ops check_ops = {.checked = installer_checked};

static void installer_finish(struct app_installer *self)
{
	struct app_installer_request *request = self->request;

	self->request = NULL;
	self->phase = IDLE;
	if (request != &self->recovery) {
		request->ops->finished(request, self->status);
		return;
	}
	if (self->status != E_OK) {
		log_print("app region could not be repaired: no application is loaded\r\n");
		return;
	}
	log_print("app region repaired after a loss of power\r\n");
	app_loading_hold(self->loading, false);
	process_load(self->admin);
}

static void installer_steer(struct app_installer *self)
{
	uint32_t offset = self->request->offset;

	if (self->request->operation == APP_INSTALLER_UNLOAD)
		self->status = app_unload(self->loading, offset);
	else
		self->status = app_load(self->loading, offset);
	installer_finish(self);
}

static void installer_called(struct deferred *deferred)
{
	struct app_installer *self = CONTAINER_OF(deferred, struct app_installer, deferred);

	if (self->phase == ENDING) {
		installer_finish(self);
		return;
	}
	if (self->phase == STEERING) {
		installer_steer(self);
		return;
	}
	if (self->phase == REFUSING && app_store_reject(&self->store) != E_OK) {
		installer_end(self, self->status);
		return;
	}
	installer_advance(self);
}

static const struct deferred_ops deferred_ops = {.called = installer_called};

static enum error installer_remove(struct app_installer *self, uint32_t offset)
{
	enum error error = app_store_remove(&self->store, offset);

	if (error == E_OK)
		installer_unload(self, offset);
	return error;
}

/* What was checked there before must not vouch for what is written now. */
static enum error installer_reserve(struct app_installer *self, uint32_t length, uint32_t where)
{
	enum error error = app_store_reserve(&self->store, length, where);

	if (error == E_OK)
		app_loading_forget(self->loading, self->store.start, self->store.length);
	return error;
}

static enum error installer_begin(struct app_installer *self,
				  const struct app_installer_request *request)
{
	self->phase = STORING;
	switch (request->operation) {
	case APP_INSTALLER_RESERVE:
		return installer_reserve(self, request->length, request->offset);
	case APP_INSTALLER_WRITE:
		return app_store_write(&self->store, request->offset, request->bytes,
				       request->length);
	case APP_INSTALLER_FINALIZE:
		self->phase = SEALING;
		return app_store_seal(&self->store);
	case APP_INSTALLER_ABANDON:
		app_store_forget(&self->store);
		installer_end(self, E_OK);
		return E_OK;
	case APP_INSTALLER_REMOVE:
		return installer_remove(self, request->offset);
	case APP_INSTALLER_FLAGS:
		return app_store_set_flags(&self->store, request->offset, request->length);
	case APP_INSTALLER_RECOVER:
		return app_store_recover(&self->store);
	default:
		self->phase = STEERING;
		return E_OK;
	}
}

enum error app_installer_submit(struct app_installer *self, struct app_installer_request *request)
{
	if (self->request != NULL)
		return E_BUSY;

	enum error error = installer_begin(self, request);

	if (error != E_OK) {
		self->phase = IDLE;
		return error;
	}
	self->request = request;
	self->reason = NULL;
	/* The first step waits for the main loop: a caller is not called from its own call. */
	deferred_set(&self->deferred);
	return E_OK;
}

bool app_installer_is_writing(const struct app_installer *self)
{
	return self->store.reserved;
}

uint32_t app_installer_finalized(const struct app_installer *self)
{
	return self->finished_at;
}

const char *app_installer_reason(const struct app_installer *self)
{
	return self->reason;
}

enum error app_installer_claim(struct app_installer *self, struct process_id process)
{
	if (!process_may_install(process))
		return E_NODEVICE;
	if (process_id_equal(self->owner, process))
		return E_OK;
	/* A session ends with its process. */
	if (process_may_install(self->owner) || self->request != NULL)
		return E_BUSY;
	app_installer_release(self);
	self->owner = process;
	return E_OK;
}

void app_installer_release(struct app_installer *self)
{
	self->owner = process_id_none();
	app_store_forget(&self->store);
}

void app_installer_init(struct app_installer *self, const struct app_installer_config *config)
{
	const struct app_store_config store = {
		.base = app_region_address(config->loading),
		.size = config->flash->geometry.page_bytes * config->flash->geometry.pages,
		.page_bytes = config->flash->geometry.page_bytes,
		.granule = config->granule,
		.power_of_two = config->power_of_two,
	};

	*self = (struct app_installer){
		.client = {.ops = &client_ops},
		.deferred = {.ops = &deferred_ops},
		.medium = {.ops = &medium_ops},
		.check = {.ops = &check_ops},
		.flash = config->flash,
		.loading = config->loading,
		.checking = config->checking,
		.admin = config->admin,
		.recovery = {.operation = APP_INSTALLER_RECOVER},
		.finished_at = APP_INSTALLER_ANY,
	};
	config->flash->client = &self->client;
	app_store_init(&self->store, &store, &self->medium, config->page);
	if (!app_store_is_open(&self->store))
		return;
	app_loading_hold(self->loading, true);
	if (app_installer_submit(self, &self->recovery) != E_OK)
		app_loading_hold(self->loading, false);
}
