/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Sharing that ends by itself, and buffers that cannot be touched while a
 * driver has them.
 *
 * Memory or a function that was given to the kernel must be taken back before
 * it goes away. A variable of a scope should therefore be shared with the
 * macros of this file: at the end of the scope, on every path out of it, the
 * kernel has it no longer.
 *
 *	enum error fetch(void)
 *	{
 *		uint8_t bytes[32];
 *		SHARE_RW(shared, DRIVER_RNG, 0, bytes, sizeof(bytes));
 *
 *		if (shared.error != E_OK)
 *			return shared.error;
 *		...
 *	}
 *
 * The scope must not be left by longjmp().
 */
#ifndef DETENT_SHARE_H
#define DETENT_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"
#include "detent/syscall.h"

/* What `share_end` has to take back. Made by the macros below only. */
struct share {
	enum error error; /* E_OK: it is shared */
	enum syscall_class kind;
	uint32_t driver;
	uint32_t number;
};

/* The driver may read and write until the end of the scope. */
#define SHARE_RW(name, driver, number, start, length)                                              \
	struct share name CLEANUP(share_end) = share_rw(driver, number, start, length)

/* The driver may read until the end of the scope. */
#define SHARE_RO(name, driver, number, start, length)                                              \
	struct share name CLEANUP(share_end) = share_ro(driver, number, start, length)

/* `upcall(…, context)` is subscribed until the end of the scope. */
#define SHARE_UPCALL(name, driver, number, upcall, context)                                        \
	struct share name CLEANUP(share_end) = share_upcall(driver, number, upcall, context)

MUST_CHECK struct share share_rw(uint32_t driver, uint32_t number, void *start, size_t length);
MUST_CHECK struct share share_ro(uint32_t driver, uint32_t number, const void *start,
				 size_t length);
MUST_CHECK struct share share_upcall(uint32_t driver, uint32_t number, upcall_function *upcall,
				     void *context);

/* Takes back. A second time it does nothing. */
void share_end(struct share *share);

/*
 * A buffer with one owner at a time: this process or a driver. Its bytes are
 * reached through the functions only, and those stop the process (abort()) if
 * a driver has the buffer: that is a mistake in the program.
 *
 * At the end of its scope the buffer is taken back.
 */
struct owned_buffer {
	struct {
		uint8_t *start;
		size_t length;
		struct share share;
		bool lent;
	} hidden; /* not for applications */
};

/* Defines a buffer of `size` bytes, inside a function or, with `static`, to stay. */
#define OWNED_BUFFER(name, size)                                                                   \
	uint8_t name##_hidden_bytes[size];                                                         \
	struct owned_buffer name CLEANUP(owned_end) = OWNED_BUFFER_OF(name##_hidden_bytes)

#define OWNED_BUFFER_STATIC(name, size)                                                            \
	static uint8_t name##_hidden_bytes[size];                                                  \
	static struct owned_buffer name = OWNED_BUFFER_OF(name##_hidden_bytes)

#define OWNED_BUFFER_OF(array)                                                                     \
	{                                                                                          \
		.hidden = {.start = (array), .length = sizeof(array) }                             \
	}

/* Gives it to a driver to read and write. E_ALREADY: it is lent. */
MUST_CHECK enum error owned_lend(struct owned_buffer *buffer, uint32_t driver, uint32_t number);

/* Takes it back. Nothing happens if it is not lent. */
void owned_reclaim(struct owned_buffer *buffer);

/*
 * Gives `fresh` to the driver that has `filled`, and takes `filled` back, in one
 * system call: a driver that receives without end always has a buffer. E_INVAL:
 * `filled` is not lent; E_ALREADY: `fresh` is.
 */
MUST_CHECK enum error owned_swap(struct owned_buffer *filled, struct owned_buffer *fresh);

bool owned_is_lent(const struct owned_buffer *buffer);

/* The bytes. The process must have the buffer. */
uint8_t *owned_bytes(struct owned_buffer *buffer);
size_t owned_length(const struct owned_buffer *buffer);

void owned_end(struct owned_buffer *buffer);

#endif
