/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Keys and values that stay (driver 0x50003). Keys have 1 to 64 bytes, values up
 * to 512. One call may be under way at a time.
 *
 * E_INVAL: this application has no identity, or may not create pairs; E_SIZE:
 * key or value too long; E_NOMEM: no room; E_FAIL: the flash; E_OFF: no store.
 */
#ifndef DETENT_KEY_VALUE_H
#define DETENT_KEY_VALUE_H

#include <stddef.h>

#include "detent/compiler.h"
#include "detent/error.h"

struct key {
	const void *start;
	size_t length; /* bytes */
};

/* A key that is a text. */
struct key key_of(const char *text);

/*
 * Copies the value and waits for it; no upcall runs meanwhile. `*length` is the
 * whole value's. E_NOSUPPORT: no such key; E_SIZE: `buffer` has its beginning.
 */
MUST_CHECK enum error key_get(struct key key, void *buffer, size_t size, size_t *length);

/* Stores a value, new or not, and waits. E_NOSUPPORT: it is there and may not be changed. */
MUST_CHECK enum error key_set(struct key key, const void *value, size_t length);

/* Stores a new value and waits. E_NOSUPPORT: there is one. */
MUST_CHECK enum error key_add(struct key key, const void *value, size_t length);

/* Replaces a value and waits. E_NOSUPPORT: there is none, or it may not be changed. */
MUST_CHECK enum error key_update(struct key key, const void *value, size_t length);

/* Removes a pair and waits. E_NOSUPPORT: there is none, or it may not be removed. */
MUST_CHECK enum error key_remove(struct key key);

/* Runs once for each accepted start: `length` is that of the whole value, or 0. */
typedef void key_done(enum error error, size_t length, void *context);

/*
 * The same without waiting. Key, buffer and value stay untouched until `done`
 * has run, which may be null. E_BUSY: a call is under way.
 */
MUST_CHECK enum error key_get_start(struct key key, void *buffer, size_t size, key_done *done,
				    void *context);
MUST_CHECK enum error key_set_start(struct key key, const void *value, size_t length,
				    key_done *done, void *context);
MUST_CHECK enum error key_add_start(struct key key, const void *value, size_t length,
				    key_done *done, void *context);
MUST_CHECK enum error key_update_start(struct key key, const void *value, size_t length,
				       key_done *done, void *context);
MUST_CHECK enum error key_remove_start(struct key key, key_done *done, void *context);

#endif
