/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	DIGITS_MAX = 20, /* of 2^64 - 1 in decimal; enough for every unsigned long */
	NO_PRECISION = -1,
	WIDTH_MAX = 1024, /* a wider field in a format string is a mistake */
};

/* What stands between '%' and the conversion letter. */
struct field {
	bool left;
	bool zero;
	uint8_t size; /* 'l', 'z' or 0 */
	int width;
	int precision;
};

/* A va_list can be an array, which a pointer to a parameter is not: so wrapped. */
struct arguments {
	va_list list;
};

/*@ predicate field_ok(struct field *field) =
	0 <= field->width <= WIDTH_MAX && field->precision <= WIDTH_MAX;
*/

/* What %s may be given: text with a final 0, or as many characters as are asked for. */
/*@ predicate readable{L}(char *text, integer precision) = format_string(text) ||
	(0 <= precision <= WIDTH_MAX && \valid_read(text + (0 .. precision - 1)));
*/

/* Before each digit there is room for as many as `value`, under 2^32, still has. */
/*@ predicate digits_fit(integer room, integer value) = room == 20 ||
	(room == 19 && value <= 429496729) || (room == 18 && value <= 42949672) ||
	(room == 17 && value <= 4294967) || (room == 16 && value <= 429496) ||
	(room == 15 && value <= 42949) || (room == 14 && value <= 4294) ||
	(room == 13 && value <= 429) || (room == 12 && value <= 42) || (room == 11 && value <= 4);
*/

/*
 * What the proof trusts: that the sink keeps its contract, and that the caller passes
 * the arguments that the format names. proofs/run.sh names these functions.
 */

/*@ requires length > 0 && \valid_read(text + (0 .. length - 1));
    terminates \true;
    assigns format_output;
*/
static void sink_write(struct format_sink *sink, const char *text, size_t length)
{
	sink->write(sink, text, length);
}

/*@ requires \valid(arguments);
    terminates \true;
    assigns *arguments;
*/
static int count_take(struct arguments *arguments)
{
	return va_arg(arguments->list, int);
}

/*@ requires \valid(arguments);
    terminates \true;
    assigns *arguments;
*/
static long signed_take(struct arguments *arguments, uint8_t size)
{
	return size == 0 ? va_arg(arguments->list, int) : va_arg(arguments->list, long);
}

/*@ requires \valid(arguments);
    terminates \true;
    assigns *arguments;
*/
static unsigned long unsigned_take(struct arguments *arguments, uint8_t size)
{
	if (size == 'l')
		return va_arg(arguments->list, unsigned long);
	if (size == 'z')
		return va_arg(arguments->list, size_t);
	return va_arg(arguments->list, unsigned int);
}

/*@ requires \valid(arguments);
    terminates \true;
    assigns *arguments;
    assigns \result \from *arguments;
    ensures \result == \null || readable(\result, precision);
*/
static const char *string_take(struct arguments *arguments, int precision)
{
	(void)precision;
	return va_arg(arguments->list, const char *);
}

/*@ requires \valid(arguments);
    terminates \true;
    assigns *arguments;
*/
static unsigned long address_take(struct arguments *arguments)
{
	return (unsigned long)(uintptr_t)va_arg(arguments->list, const void *);
}

/*@ requires \valid_read(text + (0 .. length - 1));
    terminates \true;
    assigns format_output;
*/
static void text_put(struct format_sink *sink, const char *text, size_t length)
{
	if (length != 0)
		sink_write(sink, text, length);
}

/*@ terminates \true;
    assigns format_output;
*/
static void fill_put(struct format_sink *sink, char fill, size_t count)
{
	static const char spaces[16] = "                ";
	static const char zeros[16] = "0000000000000000";

	/*@ loop assigns count, format_output;
	    loop variant count;
	*/
	while (count != 0) {
		size_t part = count < sizeof(spaces) ? count : sizeof(spaces);

		text_put(sink, fill == '0' ? zeros : spaces, part);
		count -= part;
	}
}

/* Text in a field: the sign (0: none) goes before zeros and after spaces. */
/*@ requires \valid_read(field) && field_ok(field);
    requires length < 0x7FFFFFFF && \valid_read(text + (0 .. length - 1));
    terminates \true;
    assigns format_output;
*/
static void field_put(struct format_sink *sink, const struct field *field, char sign,
		      const char *text, size_t length)
{
	size_t sign_length = sign == '\0' ? 0 : 1;
	size_t used = length + sign_length;
	size_t width = (size_t)field->width;
	size_t fill = width > used ? width - used : 0;

	if (!field->left && !field->zero)
		fill_put(sink, ' ', fill);
	text_put(sink, &sign, sign_length);
	if (!field->left && field->zero)
		fill_put(sink, '0', fill);
	text_put(sink, text, length);
	if (field->left)
		fill_put(sink, ' ', fill);
}

/* In hexadecimal where `letter` is 'x' or 'X', else in decimal. */
/*@ requires \valid_read(field) && field_ok(field);
    terminates \true;
    assigns format_output;
*/
static void number_put(struct format_sink *sink, const struct field *field, char sign,
		       unsigned long value, char letter)
{
	static const char lower[16] = "0123456789abcdef";
	static const char upper[16] = "0123456789ABCDEF";
	const char *digits = letter == 'X' ? upper : lower;
	unsigned int base = letter == 'x' || letter == 'X' ? 16 : 10;
	char text[DIGITS_MAX];
	size_t at = DIGITS_MAX;

	/*@ loop invariant 11 <= at <= DIGITS_MAX && digits_fit(at, value);
	    loop assigns at, value, text[0 .. DIGITS_MAX - 1];
	    loop variant at;
	*/
	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value != 0);
	field_put(sink, field, sign, text + at, DIGITS_MAX - at);
}

/*@ requires \valid_read(field) && field_ok(field);
    requires text == \null || readable(text, field->precision);
    terminates \true;
    assigns format_output;
*/
static void string_put(struct format_sink *sink, const struct field *field, const char *text)
{
	static const char null[] = "(null)";
	const struct field spaced = {.left = field->left, .width = field->width};
	int precision = field->precision;

	if (text == NULL)
		text = null;
	/*@ assert text == &null[0] ==> text[6] == 0 && \valid_read(text + (0 .. 6)); */
	/*@ assert readable(text, precision); */

	const char *end = text;

	/*@ loop invariant format_string(text) ? format_string(end) && format_moved(text, end) :
		text <= end <= text + precision;
	    loop invariant end == text + (end - text) && 0 <= end - text < 0x7FFFFFFF;
	    loop invariant \valid_read(text + (0 .. end - text - 1));
	    loop assigns end;
	    loop variant 0x7FFFFFFF - (end - text);
	*/
	while ((precision < 0 || end - text < precision) && *end != '\0')
		end++;
	field_put(sink, &spaced, '\0', text, (size_t)(end - text));
}

/*@ terminates \true;
    assigns format_output;
*/
static void pointer_put(struct format_sink *sink, unsigned long address)
{
	static const char prefix[2] = "0x";
	const struct field field = {.zero = true, .width = 2 * (int)sizeof(void *)};

	text_put(sink, prefix, sizeof(prefix));
	number_put(sink, &field, '\0', address, 'x');
}

/*@ terminates \true;
    assigns \nothing;
    ensures value >= 0 ? \result == value : \result == -value;
*/
static unsigned long magnitude(long value)
{
	return value < 0 ? (unsigned long)-(value + 1) + 1 : (unsigned long)value;
}

/* Prints one conversion; false when there is no such one. */
/*@ requires \valid_read(field) && field_ok(field) && \valid(arguments);
    requires \separated(field, arguments);
    terminates \true;
    assigns *arguments, format_output;
*/
static bool conversion_put(struct format_sink *sink, const struct field *field, char letter,
			   struct arguments *arguments)
{
	const struct field bare = {.left = field->left, .width = field->width};
	char character = '%';
	long value;

	switch (letter) {
	case 'd':
	case 'i':
		value = signed_take(arguments, field->size);
		number_put(sink, field, value < 0 ? '-' : '\0', magnitude(value), letter);
		return true;
	case 'u':
	case 'x':
	case 'X':
		number_put(sink, field, '\0', unsigned_take(arguments, field->size), letter);
		return true;
	case 's':
		string_put(sink, field, string_take(arguments, field->precision));
		return true;
	case 'c':
		character = (char)count_take(arguments);
		field_put(sink, &bare, '\0', &character, 1);
		return true;
	case 'p':
		pointer_put(sink, address_take(arguments));
		return true;
	case '%':
		text_put(sink, &character, 1);
		return true;
	default:
		return false;
	}
}

/* A number or '*' at `*at`, which moves behind it; at most WIDTH_MAX. */
/*@ requires \valid(at) && format_string(*at) && \valid(arguments);
    requires \separated(at, arguments);
    terminates \true;
    assigns *at \from *at;
    assigns *arguments;
    ensures format_string(*at) && format_moved(\old(*at), *at);
    ensures \result <= WIDTH_MAX;
*/
static int count_read(const char **at, struct arguments *arguments)
{
	int count = 0;

	if (**at == '*') {
		(*at)++;
		count = count_take(arguments);
		return count > WIDTH_MAX ? WIDTH_MAX : count;
	}
	/*@ loop invariant 0 <= count < 10 * WIDTH_MAX;
	    loop invariant format_string(*at) && format_moved(\at(*at, Pre), *at);
	    loop assigns *at, count;
	    loop variant format_length(*at);
	*/
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (count < WIDTH_MAX)
			count = count * 10 + (**at - '0');
	}
	return count > WIDTH_MAX ? WIDTH_MAX : count;
}

/* What follows a '%'; returns the conversion letter's place. */
/*@ requires format_string(at) && \valid(field) && \valid(arguments);
    requires \separated(field, arguments);
    terminates \true;
    assigns *field, *arguments;
    assigns \result \from at;
    ensures field_ok(field);
    ensures format_string(\result) && format_moved(at, \result);
*/
static const char *field_read(const char *at, struct field *field, struct arguments *arguments)
{
	field->left = false;
	field->zero = false;
	field->size = 0;
	field->precision = NO_PRECISION;
	/*@ loop invariant format_string(at) && format_moved(\at(at, Pre), at);
	    loop assigns at, field->left, field->zero;
	    loop variant format_length(at);
	*/
	for (; *at == '-' || *at == '0'; at++) {
		if (*at == '-')
			field->left = true;
		else
			field->zero = true;
	}
	field->width = count_read(&at, arguments);
	if (field->width < 0) { /* as in C: '-' and the width */
		field->left = true;
		field->width = field->width < -WIDTH_MAX ? WIDTH_MAX : -field->width;
	}
	if (*at == '.') {
		at++;
		field->precision = count_read(&at, arguments);
	}
	if (*at == 'l' || *at == 'z')
		field->size = (uint8_t)*at++;
	return at;
}

/* Text up to the first '%' or the end; returns its place. */
/*@ requires format_string(format);
    terminates \true;
    assigns format_output;
    assigns \result \from format;
    ensures format_string(\result) && format_moved(format, \result);
    ensures *\result == 0 || *\result == '%';
*/
static const char *plain_put(struct format_sink *sink, const char *format)
{
	const char *end = format;

	/*@ loop invariant format_string(end) && format_moved(format, end);
	    loop assigns end;
	    loop variant format_length(end);
	*/
	while (*end != '\0' && *end != '%')
		end++;
	text_put(sink, format, (size_t)(end - format));
	return end;
}

/*@ requires format_string(format) && \valid(arguments);
    terminates \true;
    assigns *arguments, format_output;
*/
static void print(struct format_sink *sink, const char *format, struct arguments *arguments)
{
	/*@ loop invariant format_string(format);
	    loop assigns format, *arguments, format_output;
	    loop variant format_length(format);
	*/
	for (;;) {
		const char *start = plain_put(sink, format);
		struct field field;

		if (*start == '\0')
			return;
		format = field_read(start + 1, &field, arguments);
		if (*format == '\0' || !conversion_put(sink, &field, *format, arguments))
			text_put(sink, start, (size_t)(format - start));
		else
			format++;
	}
}

void format_print(struct format_sink *sink, const char *format, va_list arguments)
{
	struct arguments rest;

	va_copy(rest.list, arguments);
	print(sink, format, &rest);
	va_end(rest.list);
}

struct text_sink {
	struct format_sink sink;
	char *buffer;
	size_t capacity; /* without the final 0 */
	size_t length;
};

/*@ requires \valid(to) && \valid_read(text + (0 .. length - 1));
    requires to->length <= to->capacity && \valid(to->buffer + (0 .. to->capacity - 1));
    requires \separated(to, to->buffer + (0 .. to->capacity - 1));
    terminates \true;
    assigns to->length, to->buffer[to->length .. to->capacity - 1];
    ensures to->length <= to->capacity;
*/
static void text_append(struct text_sink *to, const char *text, size_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop invariant \at(to->length, Pre) <= to->length <= to->capacity;
	    loop assigns i, to->length, to->buffer[\at(to->length, Pre) .. to->capacity - 1];
	    loop variant length - i;
	*/
	for (size_t i = 0; i < length && to->length < to->capacity; i++)
		to->buffer[to->length++] = text[i];
}

static void text_written(struct format_sink *sink, const char *text, size_t length)
{
	text_append(CONTAINER_OF(sink, struct text_sink, sink), text, length);
}

size_t format_text(char *buffer, size_t capacity, const char *format, ...)
{
	struct text_sink to = {{text_written}, buffer, capacity - 1, 0};
	va_list arguments;

	va_start(arguments, format);
	format_print(&to.sink, format, arguments);
	va_end(arguments);
	buffer[to.length] = '\0';
	return to.length;
}
