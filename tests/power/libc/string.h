/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What littlefs wants of a C library, for the comparison only (../strings.c). */
#ifndef STRING_H
#define STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);
size_t strlen(const char *text);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);
char *strchr(const char *text, int c);
char *strcpy(char *restrict to, const char *restrict from);

#endif
