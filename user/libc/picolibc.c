/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Standard streams of picolibc, on the console.
 *
 * Standard output is line buffered. Reading standard input flushes it, and so
 * does exit(); otherwise call fflush(stdout) after text without a line's end.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "detent/compiler.h"
#include "detent/console.h"
#include "libc.h"

enum { OUT_SIZE = 64 };

static char out[OUT_SIZE];
static size_t out_used;

static int console_flush(FILE *file)
{
	size_t length = out_used;

	(void)file;
	out_used = 0;
	if (length == 0)
		return 0;
	return console_write(out, length) == E_OK ? 0 : EOF;
}

static void flush_at_exit(void)
{
	console_flush(stdout);
}

static int console_put(char byte, FILE *file)
{
	libc_at_exit = flush_at_exit;
	out[out_used++] = byte;
	if (byte == '\n' || out_used == OUT_SIZE)
		return console_flush(file);
	return (uint8_t)byte;
}

static int console_get(FILE *file)
{
	uint8_t byte;
	size_t got = 0;

	console_flush(file);
	while (got == 0) {
		if (console_read(&byte, 1, &got) != E_OK)
			return _FDEV_ERR;
	}
	return byte;
}

static FILE console = FDEV_SETUP_STREAM(console_put, console_get, console_flush, _FDEV_SETUP_RW);

FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;
