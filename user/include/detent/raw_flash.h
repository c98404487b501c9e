/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Detent only: pages of flash for this application's own store (driver 0xD0001).
 * An erase sets all bits of a page, a write only clears bits, and a word takes
 * so many writes between two erases. Offsets are in the application's region.
 *
 * E_NOSUPPORT: this application has no region; E_INVAL: not within it, not at a
 * word or a page; E_BUSY: a call is under way; E_FAIL: the flash refused.
 */
#ifndef DETENT_RAW_FLASH_H
#define DETENT_RAW_FLASH_H

#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

struct raw_flash_shape {
	uint32_t size;   /* bytes of the region */
	uint32_t page;   /* bytes that an erase takes */
	uint32_t word;   /* bytes that a write consists of */
	uint32_t writes; /* of a word, between two erases */
};

MUST_CHECK enum error raw_flash_describe(struct raw_flash_shape *shape);

/* Wait for the end; no upcall runs meanwhile. */
MUST_CHECK enum error raw_flash_read(uint32_t offset, void *buffer, size_t length);
MUST_CHECK enum error raw_flash_write(uint32_t offset, const void *bytes, size_t length);
MUST_CHECK enum error raw_flash_erase(uint32_t offset);

#endif
