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

/*@ axiomatic Format {
	// Where the first 0 is, in a text that has one.
	logic integer format_length{L}(char *text) reads text[0 ..];

	predicate format_string{L}(char *text) =
	    0 <= format_length(text) < 0x7FFFFFFF &&
	    \valid_read(text + (0 .. format_length(text))) && text[format_length(text)] == 0;

	axiom format_step{L}: \forall char *text; format_string(text) && *text != 0 ==>
	    format_string(text + 1) && format_length(text + 1) == format_length(text) - 1;

	axiom format_ends{L}: \forall char *text, integer n;
	    0 <= n < 0x7FFFFFFF && \valid_read(text + (0 .. n)) && text[n] == 0 ==>
	    format_string(text) && format_length(text) <= n;
    }

    // `to` is a place in the text that begins at `from`.
    predicate format_moved{L}(char *from, char *to) =
	format_length(to) <= format_length(from) &&
	to == from + (format_length(from) - format_length(to));
*/

/* Whatever the sinks write, for the proof: it lies apart from what is read here. */
/*@ ghost extern int format_output; */

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
