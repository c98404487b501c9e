/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/app_flash_ram.h"

#include "lib/compiler.h"
#include "trusted/app_memory.h"

enum state { IDLE, READ, WRITTEN, ERASED };

enum { WORD = 4, PIECE = 64 };

static enum error check(const struct app_flash_ram *self, uint32_t offset, size_t length)
{
	if (self->state != IDLE)
		return E_BUSY;
	if (!flash_holds(&self->flash, offset, length))
		return E_INVAL;
	return length == 0 ? E_SIZE : E_OK;
}

static enum error complete(struct app_flash_ram *self, enum state state, bool fine)
{
	self->state = (uint8_t)state;
	self->status = fine ? E_OK : E_FAIL;
	deferred_set(&self->deferred);
	return E_OK;
}

static enum error app_ram_read(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct app_flash_ram *self = CONTAINER_OF(flash, struct app_flash_ram, flash);
	enum error error = check(self, offset, length);

	if (error != E_OK)
		return error;
	self->buffer = *slot;
	*slot = NULL;
	return complete(self, READ, app_memory_read(offset, self->buffer, length));
}

/* As flash would take it: bits are only cleared. */
static bool write_cleared(uint32_t offset, const uint8_t *bytes, size_t length)
{
	uint8_t piece[PIECE];

	for (size_t done = 0; done < length;) {
		size_t count = PIECE - (offset + done) % PIECE;

		if (count > length - done)
			count = length - done;
		if (!app_memory_read(offset + (uint32_t)done, piece, count))
			return false;
		for (size_t i = 0; i < count; i++)
			piece[i] &= bytes[done + i];
		if (!app_memory_write(offset + (uint32_t)done, piece, count))
			return false;
		done += count;
	}
	return true;
}

static enum error app_ram_write(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct app_flash_ram *self = CONTAINER_OF(flash, struct app_flash_ram, flash);
	enum error error = check(self, offset, length);

	if (error != E_OK)
		return error;
	if (offset % WORD != 0 || length % WORD != 0)
		return E_INVAL;
	self->buffer = *slot;
	*slot = NULL;
	return complete(self, WRITTEN, write_cleared(offset, self->buffer, length));
}

static enum error app_ram_erase(struct flash *flash, uint32_t page)
{
	struct app_flash_ram *self = CONTAINER_OF(flash, struct app_flash_ram, flash);
	uint8_t blank[PIECE];
	bool fine = true;

	if (self->state != IDLE)
		return E_BUSY;
	if (page >= flash->geometry.pages)
		return E_INVAL;
	for (uint32_t i = 0; i < PIECE; i++)
		blank[i] = 0xFF;
	for (uint32_t i = 0; i < APP_FLASH_RAM_PAGE; i += PIECE)
		fine = fine && app_memory_write(page * APP_FLASH_RAM_PAGE + i, blank, PIECE);
	return complete(self, ERASED, fine);
}

static void app_ram_called(struct deferred *deferred)
{
	struct app_flash_ram *self = CONTAINER_OF(deferred, struct app_flash_ram, deferred);
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
	.read = app_ram_read,
	.write = app_ram_write,
	.erase = app_ram_erase,
};

static const struct deferred_ops deferred_ops = {
	.called = app_ram_called,
};

void app_flash_ram_init(struct app_flash_ram *self)
{
	*self = (struct app_flash_ram){
		.flash = {.ops = &ops,
			  .geometry = {.page_bytes = APP_FLASH_RAM_PAGE,
				       .pages = app_memory_size() / APP_FLASH_RAM_PAGE,
				       .word_bytes = WORD,
				       .writes_per_word = 1}},
		.deferred = {.ops = &deferred_ops},
	};
}
