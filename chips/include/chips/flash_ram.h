/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Memory that behaves as flash, for machines that have none: the rules of
 * hil/flash.h hold, a write that breaks one fails and changes nothing. What is
 * in it is lost with the power, unlike real flash.
 */
#ifndef CHIPS_FLASH_RAM_H
#define CHIPS_FLASH_RAM_H

#include "hil/flash.h"
#include "kernel/deferred.h"

#include <stdint.h>

struct flash_ram {
	struct flash flash;
	struct deferred deferred;
	uint8_t *bytes;
	uint8_t *written; /* two bits a word: how often since the last erase */
	uint8_t *buffer;
	uint32_t fresh; /* a bit a page: erased, but its memory is not set yet */
	uint8_t state;
	enum error status;
};

#define FLASH_RAM_WORD 4
#define FLASH_RAM_PAGES 32
/* Bytes that `written` needs. */
#define FLASH_RAM_WRITTEN(size) ((size) / FLASH_RAM_WORD / 4)

/*
 * What a board gives: at most FLASH_RAM_PAGES pages, each a multiple of 16 bytes. The
 * memory need not be zero: a page is set when it is first written, not at the start.
 */
struct flash_ram_layout {
	uint8_t *bytes;
	uint8_t *written;
	uint32_t page_bytes, pages;
	uint16_t writes_per_word; /* 1 to 3 */
};

/* All of it is erased at first. */
void flash_ram_init(struct flash_ram *self, const struct flash_ram_layout *layout);

#endif
