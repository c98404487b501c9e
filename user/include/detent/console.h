/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The console (driver 0x1). printf() and getchar() of the C library use it too.
 *
 * One write and one read may be under way at a time, and the two do not
 * disturb each other.
 */
#ifndef DETENT_CONSOLE_H
#define DETENT_CONSOLE_H

#include <stddef.h>

#include "detent/compiler.h"
#include "detent/error.h"
#include "detent/share.h"

/* Runs once for each accepted call: `length` bytes were written or read. */
typedef void console_done(enum error error, size_t length, void *context);

/* Writes all of `text` and waits until that is done; no upcall runs meanwhile. */
enum error console_write(const void *text, size_t length);

/*
 * Starts writing. `text` stays untouched until `written` has run. E_BUSY: a
 * write is under way.
 */
MUST_CHECK enum error console_write_start(const void *text, size_t length, console_done *written,
					  void *context);

/*
 * Waits until `length` bytes were read; no upcall runs meanwhile. `*got` says
 * how many there are, which can be fewer if a driver ends the read early.
 */
MUST_CHECK enum error console_read(void *buffer, size_t length, size_t *got);

/*
 * Starts reading `length` bytes. `buffer` belongs to the driver until `read`
 * has run. E_BUSY: a read is under way.
 */
MUST_CHECK enum error console_read_start(void *buffer, size_t length, console_done *read,
					 void *context);

/* Ends a read early; what came so far is handed to its `read`. */
enum error console_read_abort(void);

/*
 * Reading without end, with two buffers: `first` is filled from now on. Each
 * console_read_swap() waits until the buffer under way, `filled`, is full,
 * takes it back and lets `fresh` be filled in its place, before the caller looks
 * at what came. E_BUSY: a read is under way.
 */
MUST_CHECK enum error console_read_lend(struct owned_buffer *first);
MUST_CHECK enum error console_read_swap(struct owned_buffer *filled, struct owned_buffer *fresh,
					size_t *length);

/*
 * Reads a line without its end into `line`, ended by a zero, and waits for it.
 * A backspace takes back a character. Characters behind `size - 1` are dropped.
 * There is no echo. `*length` may be null. E_SIZE: `size` is 0.
 */
MUST_CHECK enum error console_read_line(char *line, size_t size, size_t *length);

#endif
