/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The part is left reading as an array between operations. It is asked for its
 * status from the main loop, never waited for.
 */
#include "chips/cfi_flash.h"

#include "chips/mmio.h"
#include "lib/bytes.h"
#include "lib/compiler.h"

/* Each command goes to both parts. */
enum {
	COMMAND_PROGRAM = 0x00400040,
	COMMAND_ERASE = 0x00200020,
	COMMAND_CONFIRM = 0x00D000D0,
	COMMAND_CLEAR_STATUS = 0x00500050,
	COMMAND_READ_ARRAY = 0x00FF00FF,
	STATUS_READY = 0x00800080,
	STATUS_ERRORS = 0x003A003A, /* erase, program, voltage, locked */
};

enum state { IDLE, READING, WRITING, PROGRAMMING, ERASING };

static struct rw32 *word_at(const struct cfi_flash *self, uint32_t offset)
{
	uint32_t page = offset / self->flash.geometry.page_bytes;
	uint32_t within = offset % self->flash.geometry.page_bytes;

	return (struct rw32 *)(self->base + page * self->sector_bytes + within);
}

static enum error cfi_start(struct cfi_flash *self, enum state state, uint32_t offset,
			    size_t length)
{
	if (self->state != IDLE)
		return E_BUSY;
	if (!flash_holds(&self->flash, offset, length))
		return E_INVAL;
	if (length == 0)
		return E_SIZE;
	self->state = (uint8_t)state;
	self->offset = offset;
	self->length = (uint32_t)length;
	self->done = 0;
	deferred_set(&self->deferred);
	return E_OK;
}

static enum error cfi_read(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct cfi_flash *self = CONTAINER_OF(flash, struct cfi_flash, flash);
	enum error error = cfi_start(self, READING, offset, length);

	if (error != E_OK)
		return error;
	self->buffer = *slot;
	*slot = NULL;
	return E_OK;
}

static enum error cfi_write(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	struct cfi_flash *self = CONTAINER_OF(flash, struct cfi_flash, flash);

	if (offset % 4 != 0 || length % 4 != 0)
		return E_INVAL;

	enum error error = cfi_start(self, WRITING, offset, length);

	if (error != E_OK)
		return error;
	self->buffer = *slot;
	*slot = NULL;
	return E_OK;
}

static enum error cfi_erase(struct flash *flash, uint32_t page)
{
	struct cfi_flash *self = CONTAINER_OF(flash, struct cfi_flash, flash);
	uint32_t bytes = flash->geometry.page_bytes;

	if (page >= flash->geometry.pages)
		return E_INVAL;

	enum error error = cfi_start(self, ERASING, page * bytes, bytes);

	if (error != E_OK)
		return error;
	word_at(self, page * bytes)->rw = COMMAND_ERASE;
	word_at(self, page * bytes)->rw = COMMAND_CONFIRM;
	return E_OK;
}

static void cfi_finish_read(struct cfi_flash *self)
{
	struct flash_client *client = self->flash.client;

	for (uint32_t i = 0; i < self->length; i++) {
		uint32_t at = self->offset + i;

		self->buffer[i] = (uint8_t)(word_at(self, at - at % 4)->rw >> (at % 4 * 8));
	}
	self->state = IDLE;
	client->ops->read(client, self->buffer, E_OK);
}

/* Back to reading as an array; says what the status was. */
static enum error cfi_settle(struct cfi_flash *self, uint32_t status)
{
	struct rw32 *word = word_at(self, self->offset);

	if ((status & STATUS_ERRORS) != 0)
		word->rw = COMMAND_CLEAR_STATUS;
	word->rw = COMMAND_READ_ARRAY;
	self->state = IDLE;
	return (status & STATUS_ERRORS) != 0 ? E_FAIL : E_OK;
}

/* As the part does it: bits are only cleared. (An emulated one would set them.) */
static void cfi_keep_zeros(struct cfi_flash *self)
{
	for (uint32_t i = 0; i < self->length; i += 4)
		le32_store(self->buffer + i,
			   le32_load(self->buffer + i) & word_at(self, self->offset + i)->rw);
}

/* One word after the other, as long as the part is ready at once. */
static void cfi_go_on_writing(struct cfi_flash *self)
{
	struct flash_client *client = self->flash.client;
	uint32_t status = 0;

	if (self->state == WRITING)
		cfi_keep_zeros(self);
	for (;;) {
		if (self->state == PROGRAMMING) {
			status = word_at(self, self->offset + self->done)->rw;
			if ((status & STATUS_READY) != STATUS_READY) {
				deferred_set(&self->deferred);
				return;
			}
			self->done += 4;
		}
		if (self->done == self->length || (status & STATUS_ERRORS) != 0)
			break;

		struct rw32 *word = word_at(self, self->offset + self->done);

		word->rw = COMMAND_PROGRAM;
		word->rw = le32_load(self->buffer + self->done);
		self->state = PROGRAMMING;
	}
	client->ops->written(client, self->buffer, cfi_settle(self, status));
}

static void cfi_go_on_erasing(struct cfi_flash *self)
{
	struct flash_client *client = self->flash.client;
	uint32_t status = word_at(self, self->offset)->rw;

	if ((status & STATUS_READY) != STATUS_READY) {
		deferred_set(&self->deferred);
		return;
	}
	client->ops->erased(client, cfi_settle(self, status));
}

static void cfi_called(struct deferred *deferred)
{
	struct cfi_flash *self = CONTAINER_OF(deferred, struct cfi_flash, deferred);

	if (self->state == READING)
		cfi_finish_read(self);
	else if (self->state == ERASING)
		cfi_go_on_erasing(self);
	else if (self->state != IDLE)
		cfi_go_on_writing(self);
}

static const struct flash_ops ops = {
	.read = cfi_read,
	.write = cfi_write,
	.erase = cfi_erase,
};

static const struct deferred_ops deferred_ops = {
	.called = cfi_called,
};

void cfi_flash_init(struct cfi_flash *self, const struct cfi_flash_layout *layout)
{
	*self = (struct cfi_flash){
		.flash = {.ops = &ops,
			  .geometry = {.page_bytes = layout->page_bytes,
				       .pages = layout->pages,
				       .word_bytes = 4,
				       .writes_per_word = 2}},
		.deferred = {.ops = &deferred_ops},
		.base = layout->base,
		.sector_bytes = layout->sector_bytes,
	};
	word_at(self, 0)->rw = COMMAND_READ_ARRAY;
}
