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
	char size; /* 'l', 'z' or 0 */
	int width;
	int precision;
};

/* A va_list can be an array, which a pointer to a parameter is not: so wrapped. */
struct arguments {
	va_list list;
};

static void text_put(struct format_sink *sink, const char *text, size_t length)
{
	if (length != 0)
		sink->write(sink, text, length);
}

static void fill_put(struct format_sink *sink, char fill, size_t count)
{
	static const char spaces[16] = "                ";
	static const char zeros[16] = "0000000000000000";

	while (count != 0) {
		size_t part = count < sizeof(spaces) ? count : sizeof(spaces);

		text_put(sink, fill == '0' ? zeros : spaces, part);
		count -= part;
	}
}

/* Text in a field: the prefix (sign) goes before zeros and after spaces. */
static void field_put(struct format_sink *sink, const struct field *field, const char *prefix,
		      const char *text, size_t length)
{
	size_t prefix_length = *prefix == '\0' ? 0 : 1;
	size_t used = length + prefix_length;
	size_t width = (size_t)field->width;
	size_t fill = width > used ? width - used : 0;

	if (!field->left && !field->zero)
		fill_put(sink, ' ', fill);
	text_put(sink, prefix, prefix_length);
	if (!field->left && field->zero)
		fill_put(sink, '0', fill);
	text_put(sink, text, length);
	if (field->left)
		fill_put(sink, ' ', fill);
}

static void number_put(struct format_sink *sink, const struct field *field, const char *prefix,
		       unsigned long value, const char *digits)
{
	char text[DIGITS_MAX];
	size_t at = DIGITS_MAX;
	unsigned int base = digits[10] == '\0' ? 10 : 16;

	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value != 0);
	field_put(sink, field, prefix, text + at, DIGITS_MAX - at);
}

static void string_put(struct format_sink *sink, const struct field *field, const char *text)
{
	struct field spaced = *field;
	size_t length = 0;

	if (text == NULL)
		text = "(null)";
	while ((field->precision < 0 || length < (size_t)field->precision) && text[length] != '\0')
		length++;
	spaced.zero = false;
	field_put(sink, &spaced, "", text, length);
}

static void pointer_put(struct format_sink *sink, const void *pointer)
{
	const struct field field = {.zero = true, .width = 2 * (int)sizeof(pointer)};

	text_put(sink, "0x", 2);
	number_put(sink, &field, "", (unsigned long)(uintptr_t)pointer, "0123456789abcdef");
}

static unsigned long unsigned_take(struct arguments *arguments, char size)
{
	if (size == 'l')
		return va_arg(arguments->list, unsigned long);
	if (size == 'z')
		return va_arg(arguments->list, size_t);
	return va_arg(arguments->list, unsigned int);
}

static void signed_put(struct format_sink *sink, const struct field *field,
		       struct arguments *arguments)
{
	long value =
		field->size == 0 ? va_arg(arguments->list, int) : va_arg(arguments->list, long);
	unsigned long magnitude = value < 0 ? 0ul - (unsigned long)value : (unsigned long)value;

	number_put(sink, field, value < 0 ? "-" : "", magnitude, "0123456789");
}

/* Prints one conversion; false when there is no such one. */
static bool conversion_put(struct format_sink *sink, const struct field *field, char letter,
			   struct arguments *arguments)
{
	char character;

	switch (letter) {
	case 'd':
	case 'i':
		signed_put(sink, field, arguments);
		return true;
	case 'u':
		number_put(sink, field, "", unsigned_take(arguments, field->size), "0123456789");
		return true;
	case 'x':
		number_put(sink, field, "", unsigned_take(arguments, field->size),
			   "0123456789abcdef");
		return true;
	case 'X':
		number_put(sink, field, "", unsigned_take(arguments, field->size),
			   "0123456789ABCDEF");
		return true;
	case 's':
		string_put(sink, field, va_arg(arguments->list, const char *));
		return true;
	case 'c':
		character = (char)va_arg(arguments->list, int);
		field_put(sink, &(struct field){.left = field->left, .width = field->width}, "",
			  &character, 1);
		return true;
	case 'p':
		pointer_put(sink, va_arg(arguments->list, const void *));
		return true;
	case '%':
		text_put(sink, "%", 1);
		return true;
	default:
		return false;
	}
}

/* A number or '*' at `*at`, which moves behind it; at most WIDTH_MAX. */
static int count_read(const char **at, struct arguments *arguments)
{
	int count = 0;

	if (**at == '*') {
		(*at)++;
		count = va_arg(arguments->list, int);
		return count > WIDTH_MAX ? WIDTH_MAX : count;
	}
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (count < WIDTH_MAX)
			count = count * 10 + (**at - '0');
	}
	return count > WIDTH_MAX ? WIDTH_MAX : count;
}

/* What follows a '%'; returns the conversion letter's place. */
static const char *field_read(const char *at, struct field *field, struct arguments *arguments)
{
	*field = (struct field){.precision = NO_PRECISION};
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
		field->size = *at++;
	return at;
}

void format_print(struct format_sink *sink, const char *format, va_list arguments)
{
	struct arguments rest;

	va_copy(rest.list, arguments);
	while (*format != '\0') {
		const char *start = format;
		struct field field;

		while (*format != '\0' && *format != '%')
			format++;
		text_put(sink, start, (size_t)(format - start));
		if (*format == '\0')
			break;
		start = format;
		format = field_read(format + 1, &field, &rest);
		if (*format == '\0' || !conversion_put(sink, &field, *format, &rest))
			text_put(sink, start, (size_t)(format - start));
		else
			format++;
	}
	va_end(rest.list);
}

struct text_sink {
	struct format_sink sink;
	char *buffer;
	size_t capacity; /* without the final 0 */
	size_t length;
};

static void text_written(struct format_sink *sink, const char *text, size_t length)
{
	struct text_sink *to = CONTAINER_OF(sink, struct text_sink, sink);

	for (size_t i = 0; i < length && to->length < to->capacity; i++)
		to->buffer[to->length++] = text[i];
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
