/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Formatted text without a C library: no buffer, no recursion, no floating point.
 *
 * Conversions: %c %s %d %i %u %x %X %p %%. Flags '-' (to the left) and '0' (fill
 * with zeros); a width and, for %s, a precision, each as a number or '*';
 * the sizes 'l' and 'z'. Anything else is copied as it stands, and its argument is
 * not taken.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include "lib/compiler.h"

#include <stdarg.h>
#include <stddef.h>

/*
 * Takes the text in pieces, in order, none of them empty. `text` has no final 0 and
 * is only lent for the call.
 */
struct format_sink {
	void (*write)(struct format_sink *sink, const char *text, size_t length);
};

/* Formats into the sink. The arguments are used up. */
void format_print(struct format_sink *sink, const char *format, va_list arguments);

/*
 * Formats into `buffer`, cut to what fits, always with a final 0; `capacity` is at
 * least 1. Returns the length of the text in the buffer, without the 0.
 */
size_t format_text(char *buffer, size_t capacity, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
