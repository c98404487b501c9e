/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Reading gets block by block. Writing gets the first and the last block where
 * they are not covered whole, and then commits all blocks in one stroke.
 */
#include "capsules/storage_area.h"

#include "lib/bytes.h"
#include "lib/compiler.h"

static void make_key(struct storage_area *self, uint32_t index)
{
	uint8_t *key = self->key[index];

	key[0] = self->space;
	le32_store(key + 1, self->label);
	le16_store(key + 5, (uint16_t)(self->first + index));
}

static uint8_t *block_at(struct storage_area *self, uint32_t index)
{
	return self->block + index * STORAGE_AREA_BLOCK;
}

static enum error area_get_block(struct storage_area *self, uint32_t index)
{
	for (uint32_t i = 0; i < STORAGE_AREA_BLOCK; i++)
		block_at(self, index)[i] = 0xFF;
	self->request.operation = STORAGE_GET;
	self->request.query = (struct kv_query){
		.key = self->key[index],
		.key_length = STORAGE_AREA_KEY,
		.buffer = block_at(self, index),
		.buffer_length = STORAGE_AREA_BLOCK,
	};
	return storage_submit(self->storage, &self->request);
}

static enum error area_commit(struct storage_area *self)
{
	uint32_t area_start = self->offset - self->first * STORAGE_AREA_BLOCK;

	for (uint32_t i = 0; i < self->length; i++)
		self->block[area_start + i] = self->bytes[i];
	for (uint32_t i = 0; i < self->count; i++)
		self->change[i] = (struct kv_change){
			.key = self->key[i],
			.key_length = STORAGE_AREA_KEY,
			.value = block_at(self, i),
			.value_length = STORAGE_AREA_BLOCK,
			.mode = KV_SET,
		};
	self->request.operation = STORAGE_COMMIT;
	self->request.changes = self->change;
	self->request.change_count = self->count;
	return storage_submit(self->storage, &self->request);
}

/* Whether a write leaves bytes of this block as they are. */
static bool area_needed(const struct storage_area *self, uint32_t index)
{
	uint32_t area_start = (self->first + index) * STORAGE_AREA_BLOCK;

	return !self->writing || self->offset > area_start ||
	       self->offset + self->length < area_start + STORAGE_AREA_BLOCK;
}

/* Goes on to the next block; E_OK: a request is on its way. */
static enum error area_go_on(struct storage_area *self)
{
	while (self->next < self->count) {
		uint32_t index = self->next++;

		if (area_needed(self, index))
			return area_get_block(self, index);
	}
	return area_commit(self);
}

static enum error area_start(struct storage_area *self,
			     const struct storage_area_transfer *transfer, bool writing)
{
	struct storage_rights rights;

	if (self->bytes != NULL)
		return E_BUSY;
	if (!process_storage_rights(transfer->process, &rights) || (writing && !rights.may_create))
		return E_NOSUPPORT;
	if (transfer->offset > self->size || transfer->length > self->size - transfer->offset)
		return E_INVAL;
	if (transfer->length == 0 || transfer->length > STORAGE_AREA_TRANSFER)
		return E_SIZE;
	self->request.process = transfer->process;
	self->writing = writing;
	self->label = rights.identity;
	self->offset = transfer->offset;
	self->length = transfer->length;
	self->bytes = transfer->bytes;
	self->first = self->offset / STORAGE_AREA_BLOCK;
	self->count = (self->offset + self->length - 1) / STORAGE_AREA_BLOCK - self->first + 1;
	self->next = 0;
	for (uint32_t i = 0; i < self->count; i++)
		make_key(self, i);

	enum error error = area_go_on(self);

	if (error != E_OK)
		self->bytes = NULL;
	return error;
}

enum error storage_area_read(struct storage_area *self,
			     const struct storage_area_transfer *transfer)
{
	return area_start(self, transfer, false);
}

enum error storage_area_write(struct storage_area *self,
			      const struct storage_area_transfer *transfer)
{
	return area_start(self, transfer, true);
}

static void area_end(struct storage_area *self, enum error status)
{
	uint32_t start_at = self->offset - self->first * STORAGE_AREA_BLOCK;

	if (!self->writing && status == E_OK)
		for (uint32_t i = 0; i < self->length; i++)
			self->bytes[i] = self->block[start_at + i];
	for (uint32_t i = 0; i < sizeof(self->block); i++)
		self->block[i] = 0;
	self->bytes = NULL;
	self->client->ops->transferred(self->client, status);
}

static void area_finished(struct storage_request *request, enum error status)
{
	struct storage_area *self = CONTAINER_OF(request, struct storage_area, request);
	bool got = request->operation == STORAGE_GET;

	if (got && status == E_NOSUPPORT)
		status = E_OK; /* it was never written */
	if (status != E_OK || !got || (!self->writing && self->next == self->count)) {
		area_end(self, status);
		return;
	}
	status = area_go_on(self);
	if (status != E_OK)
		area_end(self, status);
}

static const struct storage_request_ops request_ops = {
	.finished = area_finished,
};

void storage_area_init(struct storage_area *self, const struct storage_area_config *config)
{
	*self = (struct storage_area){
		.storage = config->storage,
		.request = {.ops = &request_ops, .own = true},
		.client = config->client,
		.size = config->size,
		.space = config->space,
	};
}
