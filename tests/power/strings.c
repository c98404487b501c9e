/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What littlefs wants of a C library, for the comparison only. */
#include <stddef.h>
#include <string.h>

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

static int among(char c, const char *set)
{
	for (; *set != '\0'; set++)
		if (*set == c)
			return 1;
	return 0;
}

size_t strspn(const char *text, const char *set)
{
	size_t length = 0;

	while (text[length] != '\0' && among(text[length], set))
		length++;
	return length;
}

size_t strcspn(const char *text, const char *set)
{
	size_t length = 0;

	while (text[length] != '\0' && !among(text[length], set))
		length++;
	return length;
}

char *strchr(const char *text, int c)
{
	for (; *text != (char)c; text++)
		if (*text == '\0')
			return NULL;
	return (char *)text;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	char *start = to;

	while ((*to++ = *from++) != '\0')
		continue;
	return start;
}
