/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/storage.h"

#include "capsules/storage_kernel.h"
#include "kernel/log.h"
#include "lib/compiler.h"

enum state {
	STORE_OFF, /* cannot be used */
	STORE_MOUNTING,
	STORE_IDLE,
	STORE_WORKING, /* on the first request */
};

/* Asks the flash for what the store wants; false: it has refused. */
static bool storage_perform(struct storage *self, const struct kv_request *request)
{
	uint8_t *slot = request->bytes;
	enum error error;

	switch (request->operation) {
	case KV_READ:
		error = self->flash->ops->read(self->flash, request->offset, &slot,
					       request->length);
		break;
	case KV_WRITE:
		error = self->flash->ops->write(self->flash, request->offset, &slot,
						request->length);
		break;
	default:
		error = self->flash->ops->erase(self->flash,
						request->offset / self->flash->geometry.page_bytes);
		break;
	}
	return error == E_OK;
}

/* Steps the store until it waits for the flash; true: its operation is finished. */
static bool storage_advance(struct storage *self)
{
	struct kv_request request;

	while (kv_step(&self->kv, &request)) {
		if (storage_perform(self, &request))
			return false;
		kv_done(&self->kv, E_FAIL);
	}
	return true;
}

/* The rights that a request is carried out with; false: none. */
static bool storage_rights_of(struct storage *self, const struct storage_request *request)
{
	if (self->served == &self->kernel) {
		storage_rights_own(&self->rights, 0);
		return true;
	}
	if (!process_storage_rights(request->process, &self->rights))
		return false;
	if (request->own && self->rights.may_create)
		storage_rights_own(&self->rights, self->rights.identity);
	return true;
}

static enum error storage_begin(struct storage *self, struct storage_request *request)
{
	if (self->state == STORE_OFF || !self->kv.mounted)
		return E_OFF;
	if (!storage_rights_of(self, request))
		return E_NOSUPPORT;
	switch (request->operation) {
	case STORAGE_GET:
		return kv_get(&self->kv, &self->rights, &request->query);
	case STORAGE_COMMIT:
		return kv_commit(&self->kv, &self->rights, request->changes, request->change_count);
	default:
		return kv_collect(&self->kv);
	}
}

static void storage_finish(struct storage *self, enum error status)
{
	struct storage_request *request = self->served->first;

	self->served->first = request->next;
	if (request->next == NULL)
		self->served->last = NULL;
	request->pending = false;
	request->owner = self->kv.found.owner;
	request->value_length = self->kv.found.value_length;
	request->count = self->kv.count;
	request->ops->finished(request, status);
}

/* Takes requests in order until one waits for the flash. */
static void storage_serve(struct storage *self)
{
	while (self->state != STORE_MOUNTING) {
		self->served = self->kernel.first != NULL ? &self->kernel : &self->processes;
		if (self->served->first == NULL)
			return;

		enum error status = storage_begin(self, self->served->first);

		if (status == E_OK) {
			self->state = STORE_WORKING;
			if (!storage_advance(self))
				return;
			self->state = STORE_IDLE;
			status = self->kv.status;
		}
		storage_finish(self, status);
	}
}

static void storage_mounted(struct storage *self)
{
	enum error status = self->kv.status;

	self->state = status == E_OK ? STORE_IDLE : STORE_OFF;
	if (status == E_INVAL)
		log_print("storage: the flash has a store of another geometry; not used\r\n");
	else if (status != E_OK)
		log_print("storage: the flash cannot be read; not used\r\n");
}

static void storage_go_on(struct storage *self)
{
	if (!storage_advance(self))
		return;
	if (self->state == STORE_MOUNTING) {
		storage_mounted(self);
	} else {
		self->state = STORE_IDLE;
		storage_finish(self, self->kv.status);
	}
	deferred_set(&self->deferred);
}

static void storage_called(struct deferred *deferred)
{
	struct storage *self = CONTAINER_OF(deferred, struct storage, deferred);

	if (self->state == STORE_MOUNTING && self->kv.depth == 0) {
		if (kv_mount(&self->kv) == E_OK && !storage_advance(self))
			return;
		storage_mounted(self);
	}
	if (self->state == STORE_IDLE || self->state == STORE_OFF)
		storage_serve(self);
}

static void storage_transferred(struct flash_client *client, uint8_t *buffer, enum error status)
{
	struct storage *self = CONTAINER_OF(client, struct storage, client);

	(void)buffer;
	kv_done(&self->kv, status);
	storage_go_on(self);
}

static void storage_erased(struct flash_client *client, enum error status)
{
	storage_transferred(client, NULL, status);
}

static const struct flash_client_ops client_ops = {
	.read = storage_transferred,
	.written = storage_transferred,
	.erased = storage_erased,
};

static const struct deferred_ops deferred_ops = {
	.called = storage_called,
};

void storage_init(struct storage *self, struct flash *flash, const struct storage_config *config)
{
	const struct kv_config kv_config = {
		.page_bytes = flash->geometry.page_bytes,
		.pages = flash->geometry.pages,
		.unit = flash->geometry.word_bytes < 4 ? 4 : flash->geometry.word_bytes,
		.quota = config->quota,
	};

	self->client = (struct flash_client){.ops = &client_ops};
	self->deferred = (struct deferred){.ops = &deferred_ops};
	self->flash = flash;
	self->kernel = self->processes = (struct storage_queue){NULL, NULL};
	flash->client = &self->client;
	self->state =
		kv_init(&self->kv, &kv_config, config->pages) == E_OK ? STORE_MOUNTING : STORE_OFF;
	deferred_set(&self->deferred);
}

static enum error storage_enqueue(struct storage *self, struct storage_queue *queue,
				  struct storage_request *request)
{
	if (request->pending)
		return E_BUSY;
	request->pending = true;
	request->next = NULL;
	if (queue->last != NULL)
		queue->last->next = request;
	else
		queue->first = request;
	queue->last = request;
	deferred_set(&self->deferred);
	return E_OK;
}

enum error storage_submit(struct storage *self, struct storage_request *request)
{
	return storage_enqueue(self, &self->processes, request);
}

enum error storage_submit_kernel(struct storage *self, struct storage_request *request,
				 const struct cap_kernel_storage *cap)
{
	(void)cap;
	return storage_enqueue(self, &self->kernel, request);
}
