/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several parts of one flash, each a flash of its own to its user. Operations of
 * different parts wait for each other and have their turn one after the other.
 */
#ifndef CAPSULES_FLASH_MUX_H
#define CAPSULES_FLASH_MUX_H

#include "hil/flash.h"
#include "kernel/deferred.h"

#include <stdint.h>

struct flash_mux;

struct flash_part {
	struct flash flash;
	struct flash_mux *mux;
	struct flash_part *next;
	uint32_t start; /* offset of its first byte in the whole flash */
	uint8_t waiting;
	uint8_t *slot;
	uint32_t offset; /* of an erase: the page, in the whole flash */
	size_t length;
};

struct flash_mux {
	struct flash_client client;
	struct deferred deferred;
	struct flash *flash;
	struct flash_part *parts;
	struct flash_part *served; /* whose operation is under way */
	struct flash_part *last;   /* who had the last turn */
};

/* Becomes the client of `flash`. */
void flash_mux_init(struct flash_mux *self, struct flash *flash);

/*
 * Makes `part` the pages [first, first + pages). E_INVAL: there are not so many.
 * Parts may overlap; the board sees to it that they do not where they should not.
 */
enum error flash_mux_attach(struct flash_mux *self, struct flash_part *part, uint32_t first,
			    uint32_t pages);

#endif
