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

/* Memory to fill, and memory to write. */
struct raw_flash_buffer {
	void *start;
	size_t length;
};

struct raw_flash_bytes {
	const void *start;
	size_t length;
};

/* Runs once for each accepted start: `length` bytes were read, written or erased. */
typedef void raw_flash_done(enum error error, size_t length, void *context);

/*
 * The same without waiting. The memory stays untouched until `done` has run,
 * which may be null.
 */
MUST_CHECK enum error raw_flash_read_start(uint32_t offset, struct raw_flash_buffer buffer,
					   raw_flash_done *done, void *context);
MUST_CHECK enum error raw_flash_write_start(uint32_t offset, struct raw_flash_bytes bytes,
					    raw_flash_done *done, void *context);
MUST_CHECK enum error raw_flash_erase_start(uint32_t offset, raw_flash_done *done, void *context);

#endif
