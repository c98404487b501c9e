/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Raw flash, split-phase, one operation at a time.
 *
 * The rules of the medium, which every back end keeps (those in RAM too):
 *   - an erase sets all bits of one page, a write only clears bits;
 *   - a write is of whole words, and each word takes `writes_per_word` of them
 *     between two erases;
 *   - when power fails during a write, the words before some point are written,
 *     the one at this point is anything between its old and its new value, and
 *     the rest is untouched; during an erase each bit of the page is old or set.
 *
 * Offsets count from the first byte of this flash. Nothing here may be called
 * from a top half.
 *
 * Buffers: a read or write that returns E_OK has taken `*slot` and set it to
 * NULL; exactly one callback gives the same buffer back. On any error the slot
 * is untouched. A client is never called from inside its own call.
 */
#ifndef HIL_FLASH_H
#define HIL_FLASH_H

#include "abi/error.h"

#include <stddef.h>
#include <stdint.h>

struct flash;

struct flash_client {
	const struct flash_client_ops *ops;
};

struct flash_client_ops {
	/* The whole length was read or written (E_OK), or something failed (E_FAIL). */
	void (*read)(struct flash_client *client, uint8_t *buffer, enum error status);
	void (*written)(struct flash_client *client, uint8_t *buffer, enum error status);
	/* The page is erased (E_OK), or its content is undefined (E_FAIL). */
	void (*erased)(struct flash_client *client, enum error status);
};

struct flash_ops {
	/* E_BUSY: one is under way. E_INVAL: not within the flash. E_SIZE: length is 0. */
	enum error (*read)(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length);
	/* As read(), and E_INVAL where offset or length is not a multiple of the word. */
	enum error (*write)(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length);
	/* Pages are numbered from 0. E_BUSY: one is under way. E_INVAL: no such page. */
	enum error (*erase)(struct flash *flash, uint32_t page);
};

struct flash_geometry {
	uint32_t page_bytes; /* what an erase takes; a multiple of word_bytes */
	uint32_t pages;
	uint16_t word_bytes;      /* a power of two */
	uint16_t writes_per_word; /* between two erases; at least 1 */
};

struct flash {
	const struct flash_ops *ops;
	struct flash_client *client;    /* set before the first operation */
	struct flash_geometry geometry; /* constant once the driver was initialised */
};

/* Whether [offset, offset + length) lies within the flash. */
static inline int flash_holds(const struct flash *flash, uint32_t offset, size_t length)
{
	uint32_t size = flash->geometry.page_bytes * flash->geometry.pages;

	return offset <= size && length <= size - offset;
}

#endif
