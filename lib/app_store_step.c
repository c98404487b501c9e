/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What an operation does next, and the writes and erases of a change, one by one. */
#include "app_store_private.h"

#include "lib/crc32.h"

void app_store_change(struct app_store *self, uint32_t page, uint8_t copy, uint32_t steps)
{
	self->page = page;
	self->copy = copy;
	self->steps = (uint16_t)steps;
}

void app_store_load_page(struct app_store *self, uint32_t page)
{
	uint32_t bytes = self->config.page_bytes;

	if (self->cached != page)
		self->medium->ops->peek(self->medium, page * bytes, self->buffer, bytes);
	self->cached = page;
}

uint8_t *app_store_head_at(struct app_store *self, uint32_t offset)
{
	uint32_t at = offset % self->config.page_bytes;

	return self->buffer + (at <= self->config.page_bytes - APP_STORE_HEAD ? at : 0);
}

/* Writes the page that was changed in the buffer; others must not lose it if it has a header. */
static void flush(struct app_store *self)
{
	uint32_t bytes = self->config.page_bytes, start = self->cached * bytes;
	bool own = start >= self->start + APP_STORE_HEAD &&
		   start + bytes <= self->start + self->length;

	app_store_change(self, self->cached, 0,
			 own ? (uint32_t)STEPS_PLAIN : STEPS_SAFE | app_store_journal_room(self));
	self->dirty = false;
}

void app_store_undo(struct app_store *self)
{
	app_store_copy_read(self, 0);
	app_store_change(self, self->start / self->config.page_bytes, 0, STEPS_REDO);
	self->operation = ACCEPT;
}

/* Starts the change that the next edit needs; one that is there already needs none. */
static void next_edit(struct app_store *self)
{
	const struct app_store_edit edit = self->edit_at[self->edit++];
	uint8_t made[APP_STORE_HEAD];
	const uint8_t *head = made;
	bool same = true;

	for (uint32_t i = 0; i < APP_STORE_HEAD; i++)
		made[i] = 0xFF;
	if (edit.size == APP_STORE_ANY)
		head = self->head;
	else if (edit.size != 0)
		app_store_padding(made, edit.size);
	app_store_load_page(self, edit.offset / self->config.page_bytes);

	uint8_t *kept = app_store_head_at(self, edit.offset);

	for (uint32_t i = 0; i < APP_STORE_HEAD; i++) {
		same = same && kept[i] == head[i];
		kept[i] = head[i];
	}
	if (!same)
		app_store_change(self, self->cached, 0, STEPS_SAFE | app_store_journal_room(self));
}

/* Takes what goes into one page; the first bytes of the header stay out of flash. */
static void next_piece(struct app_store *self)
{
	uint32_t bytes = self->config.page_bytes, offset = self->start + self->at;

	if (self->dirty && self->cached != offset / bytes) {
		flush(self);
		return;
	}
	app_store_load_page(self, offset / bytes);
	do {
		uint8_t byte = self->source[self->taken++];

		if (self->at < APP_STORE_HEAD) {
			self->head[self->at] = byte;
			self->head_seen |= (uint16_t)(1u << self->at);
		} else {
			self->buffer[offset % bytes] = byte;
			self->dirty = true;
		}
		self->at++;
		offset++;
	} while (self->taken < self->given && offset % bytes != 0);
}

static void next_of_seal(struct app_store *self)
{
	struct app_region_item item;

	if (self->operation == SEAL && self->dirty) {
		flush(self);
		return;
	}
	if (self->operation == SEAL) {
		app_store_load_page(self, self->start / self->config.page_bytes);
		app_store_change(self, self->cached, 0,
				 STEPS_KEEP | STEPS_PLAIN | app_store_journal_room(self));
		self->operation = SEALED;
		return;
	}
	self->sealed = true;
	self->operation = IDLE;
	self->medium->ops->item_at(self->medium, self->start, &item);
	if (item.kind == APP_REGION_APP && item.info.total_size == self->length)
		return;
	self->status = E_INVAL;
	app_store_undo(self);
}

static void end(struct app_store *self)
{
	if (self->operation == ACCEPT) {
		self->sealed = false;
		app_store_forget(self);
	}
	self->operation = IDLE;
}

/* True: the operation goes on. */
static bool advance(struct app_store *self)
{
	if (self->operation == EDIT && self->edit < self->edits)
		next_edit(self);
	else if (self->operation == WRITE && self->taken < self->given)
		next_piece(self);
	else if (self->operation == SEAL || self->operation == SEALED)
		next_of_seal(self);
	else if (self->operation == RECOVER && self->edit++ == 0)
		/* There may be no slot left to say that it is done; without copies nothing is open. */
		app_store_change(self, 0, 0, STEPS_CLEAR);
	else
		end(self);
	return self->operation != IDLE;
}

static void erase(struct app_store *self, struct app_store_request *request, uint32_t offset)
{
	*request = (struct app_store_request){
		.kind = APP_STORE_ERASE,
		.offset = offset,
		.length = self->config.page_bytes,
	};
}

static void write(struct app_store *self, struct app_store_request *request, uint32_t offset)
{
	*request = (struct app_store_request){
		.kind = APP_STORE_WRITE,
		.offset = offset,
		.bytes = self->buffer,
		.length = self->config.page_bytes,
	};
}

static void write_record(struct app_store *self, struct app_store_request *request, bool open)
{
	struct app_store_record record = {.page = APP_STORE_ANY};

	if (open) {
		record.page = self->page;
		record.copy = self->copy;
		record.crc = crc32(0, self->buffer, self->config.page_bytes);
	}
	app_store_journal_write(self, record);
	*request = (struct app_store_request){
		.kind = APP_STORE_WRITE,
		.offset = self->limit + 2 * self->config.page_bytes + self->slot * APP_STORE_RECORD,
		.bytes = self->record,
		.length = APP_STORE_RECORD,
	};
}

/* The lowest one that is left. */
static uint16_t current_step(const struct app_store *self)
{
	return (uint16_t)(self->steps & (~(uint32_t)self->steps + 1));
}

static void put_head(struct app_store *self)
{
	uint8_t *kept = app_store_head_at(self, self->start);

	for (uint32_t i = 0; i < APP_STORE_HEAD; i++)
		kept[i] = self->head[i];
}

static void request_step(struct app_store *self, struct app_store_request *request)
{
	uint32_t bytes = self->config.page_bytes;

	switch (current_step(self)) {
	case STEP_CLEAR_COPY_0:
		erase(self, request, self->limit);
		break;
	case STEP_CLEAR_COPY_1:
		erase(self, request, self->limit + bytes);
		break;
	case STEP_CLEAR_JOURNAL:
		erase(self, request, self->limit + 2 * bytes);
		break;
	case STEP_COPY_ERASE:
		erase(self, request, self->limit + self->copy * bytes);
		break;
	case STEP_COPY_WRITE:
		app_store_invert(self);
		write(self, request, self->limit + self->copy * bytes);
		break;
	case STEP_ERASE:
		if (self->operation == SEALED)
			put_head(self);
		erase(self, request, self->page * bytes);
		break;
	case STEP_WRITE:
		write(self, request, self->page * bytes);
		break;
	default:
		write_record(self, request, current_step(self) == STEP_OPEN);
		break;
	}
}

bool app_store_step(struct app_store *self, struct app_store_request *request)
{
	while (self->steps == 0)
		if (!advance(self))
			return false;
	request_step(self, request);
	return true;
}

void app_store_done(struct app_store *self, enum error status)
{
	uint16_t step = current_step(self);

	self->steps &= (uint16_t)~step;
	if (step == STEP_COPY_WRITE)
		app_store_invert(self);
	if (step == STEP_CLEAR_JOURNAL)
		self->slot = 0;
	if (step == STEP_OPEN || step == STEP_CLOSE)
		self->slot++;
	if (status == E_OK)
		return;
	self->steps = 0;
	self->operation = IDLE;
	self->status = E_FAIL;
	self->broken = true;
	self->cached = APP_STORE_ANY;
}
