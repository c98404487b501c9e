/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bytes of this application alone that stay, by offset (driver 0x50004; the
 * functions with `nonvolatile` use the older 0x50001, which tells no errors).
 * Bytes that were never written are 0xff. One call a driver may be under way.
 *
 * E_NOSUPPORT: this application has no identity, or may not store anything;
 * E_INVAL: not within the region; E_NOMEM: no room; E_FAIL: the flash; E_OFF:
 * there is no store.
 */
#ifndef DETENT_STORAGE_H
#define DETENT_STORAGE_H

#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* Memory to fill, and memory to store. */
struct storage_buffer {
	void *start;
	size_t length;
};

struct storage_bytes {
	const void *start;
	size_t length;
};

/* Runs once for each accepted start: `length` bytes were read or written, or are the region's. */
typedef void storage_done(enum error error, size_t length, void *context);

/* Bytes of the region. */
MUST_CHECK enum error storage_size(size_t *size);

/* Wait until all of it was read or written; no upcall runs meanwhile. */
MUST_CHECK enum error storage_read(uint32_t offset, void *buffer, size_t length);
MUST_CHECK enum error storage_write(uint32_t offset, const void *bytes, size_t length);

/*
 * The same without waiting. The memory stays untouched until `done` has run,
 * which may be null. E_BUSY: a call is under way.
 */
MUST_CHECK enum error storage_size_start(storage_done *done, void *context);
MUST_CHECK enum error storage_read_start(uint32_t offset, struct storage_buffer buffer,
					 storage_done *done, void *context);
MUST_CHECK enum error storage_write_start(uint32_t offset, struct storage_bytes bytes,
					  storage_done *done, void *context);

/* The older driver. E_SIZE: fewer bytes were read or written than asked for. */
MUST_CHECK enum error nonvolatile_size(size_t *size);
MUST_CHECK enum error nonvolatile_read(uint32_t offset, void *buffer, size_t length);
MUST_CHECK enum error nonvolatile_write(uint32_t offset, const void *bytes, size_t length);

/* Without waiting; fewer bytes than asked for say that something failed. The size is told at once. */
MUST_CHECK enum error nonvolatile_read_start(uint32_t offset, struct storage_buffer buffer,
					     storage_done *done, void *context);
MUST_CHECK enum error nonvolatile_write_start(uint32_t offset, struct storage_bytes bytes,
					      storage_done *done, void *context);

#endif
