/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Every page that holds a header of the row is changed in the same way: what it
 * is to become is copied, a record in the journal opens the change, the page is
 * erased and written, a record closes the change. Where the change is open after
 * power went, it is done again from the copy. For the header of a new binary the
 * copy is the page as it was, so that an open change is undone instead.
 */
#include "lib/app_store.h"

#include "abi/tbf.h"
#include "app_store_private.h"
#include "lib/bytes.h"
#include "lib/crc32.h"

enum {
	SIZES_END = 8, /* of a header: version, header size and total size */
	HEAD_WHOLE = 0xFFFF,
};

void app_store_init(struct app_store *self, const struct app_store_config *config,
		    struct app_medium *medium, uint8_t *buffer)
{
	*self = (struct app_store){
		.config = *config,
		.medium = medium,
		.buffer = buffer,
		.source = buffer, /* before the first write: nothing of it is taken */
		.limit = config->size - APP_STORE_RESERVED_PAGES * config->page_bytes,
		.cached = APP_STORE_ANY,
	};
	self->broken = app_store_is_open(self);
}

static bool open_record(struct app_store *self, struct app_store_record *record)
{
	*record = app_store_journal_read(self);
	if (record->page >= self->limit / self->config.page_bytes || record->copy > 1)
		return false;
	app_store_copy_read(self, (uint8_t)record->copy);
	return crc32(0, self->buffer, self->config.page_bytes) == record->crc;
}

bool app_store_is_open(struct app_store *self)
{
	struct app_store_record record;

	return open_record(self, &record);
}

enum error app_store_recover(struct app_store *self)
{
	struct app_store_record record;

	if (self->operation != IDLE)
		return E_BUSY;
	app_store_forget(self);
	self->sealed = false;
	self->broken = false;
	self->status = E_OK;
	self->operation = RECOVER;
	self->edit = 1;
	if (open_record(self, &record)) {
		self->edit = 0;
		app_store_change(self, record.page, (uint8_t)record.copy, STEPS_PLAIN);
	}
	return E_OK;
}

static enum error ready(const struct app_store *self)
{
	if (self->broken)
		return E_FAIL;
	return self->operation != IDLE ? E_BUSY : E_OK;
}

/* For what goes into the reservation. */
static enum error ready_to_fill(const struct app_store *self)
{
	enum error error = ready(self);

	if (error != E_OK)
		return error;
	if (!self->reserved)
		return E_OFF;
	return self->sealed ? E_ALREADY : E_OK;
}

/* For what decides about a sealed binary. */
static enum error ready_to_decide(const struct app_store *self)
{
	enum error error = ready(self);

	return error == E_OK && !self->sealed ? E_OFF : error;
}

/* For what leaves a sealed binary alone. */
static enum error ready_to_change(const struct app_store *self)
{
	enum error error = ready(self);

	return error == E_OK && self->sealed ? E_BUSY : error;
}

static enum error begin(struct app_store *self, enum app_store_operation operation)
{
	self->operation = (uint8_t)operation;
	self->status = E_OK;
	return E_OK;
}

void app_store_forget(struct app_store *self)
{
	if (self->sealed)
		return;
	self->reserved = false;
	self->dirty = false;
	self->cached = APP_STORE_ANY;
	self->head_seen = 0;
}

enum error app_store_reserve(struct app_store *self, uint32_t length, uint32_t where)
{
	enum error error = ready_to_change(self);

	if (error != E_OK)
		return error;
	if (length < 2 * APP_STORE_HEAD || length % APP_STORE_HEAD != 0 || length > self->limit ||
	    (where != APP_STORE_ANY && (self->config.base + where) % APP_STORE_HEAD != 0))
		return E_INVAL;
	error = app_store_place(self, length, where);
	if (error != E_OK)
		return error;
	app_store_forget(self);
	self->reserved = true;
	return begin(self, EDIT);
}

/* What the reservation does not fit or the row of headers would not survive. */
static bool sizes_fit(const struct app_store *self, const uint8_t *head)
{
	return le16_load(head) == TBF_VERSION && le16_load(head + 2) > TBF_BASE_SIZE &&
	       le16_load(head + 2) <= self->length && le32_load(head + 4) == self->length;
}

enum error app_store_write(struct app_store *self, uint32_t offset, const uint8_t *bytes,
			   uint32_t length)
{
	enum error error = ready_to_fill(self);

	if (error != E_OK)
		return error;
	if (length > self->length || offset > self->length - length ||
	    (offset < SIZES_END && (offset != 0 || length < SIZES_END)) ||
	    (offset == 0 && !sizes_fit(self, bytes)))
		return E_INVAL;
	self->source = bytes;
	self->at = offset;
	self->given = length;
	self->taken = 0;
	return begin(self, WRITE);
}

enum error app_store_seal(struct app_store *self)
{
	enum error error = ready_to_fill(self);

	if (error != E_OK)
		return error;
	if (self->head_seen != HEAD_WHOLE)
		return E_INVAL;
	return begin(self, SEAL);
}

enum error app_store_accept(struct app_store *self, uint32_t instead)
{
	uint32_t bytes = self->config.page_bytes, size;
	enum error error = ready_to_decide(self);

	if (error != E_OK)
		return error;
	if (instead == APP_STORE_ANY) {
		app_store_change(self, self->page, 0, STEP_CLOSE);
		return begin(self, ACCEPT);
	}
	size = instead == self->start ? 0 : app_store_find(self, instead);
	if (size == 0)
		return E_INVAL;
	app_store_load_page(self, instead / bytes);
	app_store_padding(app_store_head_at(self, instead), size);
	app_store_change(self, instead / bytes, 1, STEPS_SAFE);
	return begin(self, ACCEPT);
}

enum error app_store_reject(struct app_store *self)
{
	enum error error = ready_to_decide(self);

	if (error != E_OK)
		return error;
	(void)begin(self, ACCEPT);
	app_store_undo(self);
	return E_OK;
}

/* Starts the change of an application's header: to padding, or to what self->head will be. */
static enum error change_header(struct app_store *self, uint32_t offset, bool remove)
{
	enum error error = ready_to_change(self);
	uint32_t size;

	if (error != E_OK)
		return error;
	size = app_store_find(self, offset);
	if (size == 0)
		return E_INVAL;
	app_store_forget(self);
	self->edit = 0;
	self->edits = 1;
	self->edit_at[0] = (struct app_store_edit){
		.offset = offset,
		.size = remove ? size : APP_STORE_ANY,
	};
	return begin(self, EDIT);
}

enum error app_store_remove(struct app_store *self, uint32_t offset)
{
	return change_header(self, offset, true);
}

enum error app_store_set_flags(struct app_store *self, uint32_t offset, uint32_t flags)
{
	enum error error = change_header(self, offset, false);

	if (error != E_OK)
		return error;
	self->medium->ops->peek(self->medium, offset, self->head, APP_STORE_HEAD);
	/* The checksum is the exclusive or of the header's words. */
	le32_store(self->head + 12, le32_load(self->head + 12) ^ le32_load(self->head + 8) ^ flags);
	le32_store(self->head + 8, flags);
	return E_OK;
}
