/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/flash_mux.h"

#include "lib/compiler.h"

#include <stdbool.h>

enum operation { NONE, READ, WRITE, ERASE };

static enum error part_enqueue(struct flash_part *part, enum operation operation, uint32_t offset)
{
	if (part->waiting != NONE)
		return E_BUSY;
	part->waiting = (uint8_t)operation;
	part->offset = offset;
	deferred_set(&part->mux->deferred);
	return E_OK;
}

static enum error part_enqueue_bytes(struct flash *flash, enum operation operation, uint32_t offset,
				     uint8_t **slot, size_t length)
{
	struct flash_part *part = CONTAINER_OF(flash, struct flash_part, flash);

	if (part->waiting != NONE)
		return E_BUSY;
	if (!flash_holds(flash, offset, length))
		return E_INVAL;
	if (length == 0)
		return E_SIZE;
	part->slot = *slot;
	part->length = length;
	*slot = NULL;
	return part_enqueue(part, operation, part->start + offset);
}

static enum error part_read(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	return part_enqueue_bytes(flash, READ, offset, slot, length);
}

static enum error part_write(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	if (offset % flash->geometry.word_bytes != 0 || length % flash->geometry.word_bytes != 0)
		return E_INVAL;
	return part_enqueue_bytes(flash, WRITE, offset, slot, length);
}

static enum error part_erase(struct flash *flash, uint32_t page)
{
	struct flash_part *part = CONTAINER_OF(flash, struct flash_part, flash);

	if (page >= flash->geometry.pages)
		return E_INVAL;
	return part_enqueue(part, ERASE, part->start / flash->geometry.page_bytes + page);
}

static const struct flash_ops part_ops = {
	.read = part_read,
	.write = part_write,
	.erase = part_erase,
};

static enum error mux_begin(struct flash_mux *self, struct flash_part *part)
{
	switch (part->waiting) {
	case READ:
		return self->flash->ops->read(self->flash, part->offset, &part->slot, part->length);
	case WRITE:
		return self->flash->ops->write(self->flash, part->offset, &part->slot,
					       part->length);
	default:
		return self->flash->ops->erase(self->flash, part->offset);
	}
}

static void mux_tell(struct flash_part *part, uint8_t *buffer, enum error status)
{
	struct flash_client *client = part->flash.client;
	enum operation operation = (enum operation)part->waiting;

	part->waiting = NONE;
	if (operation == READ)
		client->ops->read(client, buffer, status);
	else if (operation == WRITE)
		client->ops->written(client, buffer, status);
	else
		client->ops->erased(client, status);
}

static struct flash_part *mux_after(const struct flash_mux *self, const struct flash_part *part)
{
	return part == NULL || part->next == NULL ? self->parts : part->next;
}

/* Begins the operation of the next part that waits, in turn. */
static void mux_serve(struct flash_mux *self)
{
	struct flash_part *first = mux_after(self, self->last);
	struct flash_part *part = first;

	if (self->served != NULL || first == NULL)
		return;
	do {
		if (part->waiting != NONE) {
			enum error error = mux_begin(self, part);

			self->last = part;
			if (error == E_OK) {
				self->served = part;
				return;
			}
			mux_tell(part, part->slot, E_FAIL);
		}
		part = mux_after(self, part);
	} while (part != first);
}

static void mux_called(struct deferred *deferred)
{
	mux_serve(CONTAINER_OF(deferred, struct flash_mux, deferred));
}

static void mux_finish(struct flash_client *client, uint8_t *buffer, enum error status)
{
	struct flash_mux *self = CONTAINER_OF(client, struct flash_mux, client);
	struct flash_part *part = self->served;

	self->served = NULL;
	mux_tell(part, buffer, status);
	mux_serve(self);
}

static void mux_erased(struct flash_client *client, enum error status)
{
	mux_finish(client, NULL, status);
}

static const struct flash_client_ops client_ops = {
	.read = mux_finish,
	.written = mux_finish,
	.erased = mux_erased,
};

static const struct deferred_ops deferred_ops = {
	.called = mux_called,
};

void flash_mux_init(struct flash_mux *self, struct flash *flash)
{
	*self = (struct flash_mux){
		.client = {.ops = &client_ops},
		.deferred = {.ops = &deferred_ops},
		.flash = flash,
	};
	flash->client = &self->client;
}

enum error flash_mux_attach(struct flash_mux *self, struct flash_part *part, uint32_t first,
			    uint32_t pages)
{
	const struct flash_geometry *whole = &self->flash->geometry;

	if (first > whole->pages || pages > whole->pages - first)
		return E_INVAL;
	*part = (struct flash_part){
		.flash = {.ops = &part_ops, .geometry = *whole},
		.mux = self,
		.next = self->parts,
		.start = first * whole->page_bytes,
	};
	part->flash.geometry.pages = pages;
	self->parts = part;
	return E_OK;
}
