/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/flash_ram.h"

#include "kernel/assert.h"
#include "lib/compiler.h"

#include <stdbool.h>

enum state { IDLE, READ, WRITTEN, ERASED };

static uint32_t writes(const struct flash_ram *self, uint32_t word)
{
	return (uint32_t)self->written[word / 4] >> (word % 4 * 2) & 3u;
}

static void set_writes(struct flash_ram *self, uint32_t word, uint32_t count)
{
	uint32_t shift = word % 4 * 2;
	uint32_t others = self->written[word / 4] & ~(3u << shift);

	self->written[word / 4] = (uint8_t)(others | count << shift);
}

static void clear(struct flash_ram *self, uint32_t page)
{
	uint32_t bytes = self->flash.geometry.page_bytes;
	uint32_t counters = FLASH_RAM_WRITTEN(bytes);

	for (uint32_t i = page * bytes; i < (page + 1) * bytes; i++)
		self->bytes[i] = 0xFF;
	for (uint32_t i = page * counters; i < (page + 1) * counters; i++)
		self->written[i] = 0;
	self->fresh &= ~(1u << page);
}

static bool is_fresh(const struct flash_ram *self, uint32_t offset)
{
	return (self->fresh >> offset / self->flash.geometry.page_bytes & 1u) != 0;
}

/* Clears those of the pages of [offset, offset + length) that never were. */
static void settle(struct flash_ram *self, uint32_t offset, size_t length)
{
	uint32_t bytes = self->flash.geometry.page_bytes;
	uint32_t last = (uint32_t)(offset + length - 1) / bytes;

	for (uint32_t page = offset / bytes; page <= last; page++)
		if (is_fresh(self, page * bytes))
			clear(self, page);
}

static enum error check(const struct flash_ram *self, uint32_t offset, size_t length)
{
	if (self->state != IDLE)
		return E_BUSY;
	if (!flash_holds(&self->flash, offset, length))
		return E_INVAL;
	return length == 0 ? E_SIZE : E_OK;
}

static void complete(struct flash_ram *self, enum state state, enum error status)
{
	self->state = (uint8_t)state;
	self->status = status;
	deferred_set(&self->deferred);
}

/* Page by page, into the buffer. */
static void copy_out(const struct flash_ram *self, uint32_t offset, size_t length)
{
	uint32_t page_bytes = self->flash.geometry.page_bytes;
	const uint8_t *from = self->bytes + offset;
	uint8_t *to = self->buffer, *end = to + length;

	while (to != end) {
		uint32_t run = page_bytes - offset % page_bytes;
		uint8_t unset = is_fresh(self, offset) ? 0xFF : 0;

		if (run > (size_t)(end - to))
			run = (uint32_t)(end - to);
		offset += run;
		for (; run != 0; run--)
			*to++ = *from++ | unset;
	}
}

static enum error ram_read(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct flash_ram *self = CONTAINER_OF(flash, struct flash_ram, flash);
	enum error error = check(self, offset, length);

	if (error != E_OK)
		return error;
	self->buffer = *slot;
	*slot = NULL;
	copy_out(self, offset, length);
	complete(self, READ, E_OK);
	return E_OK;
}

/* Whether each word may be written, and no bit would have to be set. */
static bool allowed(const struct flash_ram *self, uint32_t offset, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((self->buffer[i] & ~self->bytes[offset + i]) != 0 ||
		    writes(self, (uint32_t)(offset + i) / FLASH_RAM_WORD) >=
			    self->flash.geometry.writes_per_word)
			return false;
	return true;
}

static enum error ram_write(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct flash_ram *self = CONTAINER_OF(flash, struct flash_ram, flash);
	enum error error = check(self, offset, length);

	if (error != E_OK)
		return error;
	if (offset % FLASH_RAM_WORD != 0 || length % FLASH_RAM_WORD != 0)
		return E_INVAL;
	self->buffer = *slot;
	*slot = NULL;
	settle(self, offset, length);

	bool fine = allowed(self, offset, length);

	for (size_t i = 0; i < length && fine; i++) {
		self->bytes[offset + i] = self->buffer[i];
		if (i % FLASH_RAM_WORD == FLASH_RAM_WORD - 1) {
			uint32_t word = (uint32_t)(offset + i) / FLASH_RAM_WORD;

			set_writes(self, word, writes(self, word) + 1);
		}
	}
	complete(self, WRITTEN, fine ? E_OK : E_FAIL);
	return E_OK;
}

static enum error ram_erase(struct flash *flash, uint32_t page)
{
	struct flash_ram *self = CONTAINER_OF(flash, struct flash_ram, flash);

	if (self->state != IDLE)
		return E_BUSY;
	if (page >= flash->geometry.pages)
		return E_INVAL;
	clear(self, page);
	complete(self, ERASED, E_OK);
	return E_OK;
}

static void ram_called(struct deferred *deferred)
{
	struct flash_ram *self = CONTAINER_OF(deferred, struct flash_ram, deferred);
	struct flash_client *client = self->flash.client;
	enum state state = (enum state)self->state;

	self->state = IDLE;
	if (state == READ)
		client->ops->read(client, self->buffer, self->status);
	else if (state == WRITTEN)
		client->ops->written(client, self->buffer, self->status);
	else if (state == ERASED)
		client->ops->erased(client, self->status);
}

static const struct flash_ops ops = {
	.read = ram_read,
	.write = ram_write,
	.erase = ram_erase,
};

static const struct deferred_ops deferred_ops = {
	.called = ram_called,
};

void flash_ram_init(struct flash_ram *self, const struct flash_ram_layout *layout)
{
	ASSERT(layout->pages != 0 && layout->pages <= FLASH_RAM_PAGES);
	*self = (struct flash_ram){
		.flash = {.ops = &ops,
			  .geometry = {.page_bytes = layout->page_bytes,
				       .pages = layout->pages,
				       .word_bytes = FLASH_RAM_WORD,
				       .writes_per_word = layout->writes_per_word}},
		.deferred = {.ops = &deferred_ops},
		.bytes = layout->bytes,
		.written = layout->written,
		.fresh = UINT32_MAX >> (FLASH_RAM_PAGES - layout->pages),
	};
}
