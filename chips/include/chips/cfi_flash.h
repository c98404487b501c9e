/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Parallel NOR flash with the Intel command set: two 16-bit parts side by side on
 * a 32-bit bus, as QEMU's `virt` machines have them. Source: Common Flash
 * Interface (JESD68.01), command set 0001; QEMU, hw/block/pflash_cfi01.c.
 *
 * The sectors of such parts are large. So that a page is no larger than the ones
 * of a microcontroller, a board can have only the first bytes of each sector used.
 */
#ifndef CHIPS_CFI_FLASH_H
#define CHIPS_CFI_FLASH_H

#include "hil/flash.h"
#include "kernel/deferred.h"

#include <stdint.h>

struct cfi_flash {
	struct flash flash;
	struct deferred deferred;
	uintptr_t base;
	uint32_t sector_bytes;
	uint8_t state;
	uint8_t *buffer;
	uint32_t offset, length, done; /* of the operation under way; of an erase: the page's */
};

struct cfi_flash_layout {
	uintptr_t base; /* address of the first sector */
	uint32_t sector_bytes;
	uint32_t page_bytes; /* used of each sector; a multiple of 4 */
	uint32_t pages;      /* sectors, that is */
};

void cfi_flash_init(struct cfi_flash *self, const struct cfi_flash_layout *layout);

#endif
