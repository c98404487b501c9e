/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What newlib wants from below: standard streams on the console, memory from
 * the kernel, and a way to end. Built with REENTRANT_SYSCALLS_PROVIDED, it
 * calls these functions and no others.
 *
 * Standard output is line buffered; exit() flushes it, and so does reading
 * standard input.
 */
#include <errno.h>
#include <math.h>
#include <reent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "detent/console.h"
#include "libc.h"

enum { BUFFER_SIZE = 64 };

typedef void destructor(void);

extern destructor *const __fini_array_start[];
extern destructor *const __fini_array_end[];

/* In newlib, and only in a program that uses atexit(). */
__attribute__((weak)) void __call_exitprocs(int status, void *object);

/*
 * In place of newlib's, which keeps the standard streams in every program,
 * whether it prints or not.
 */
NORETURN void exit(int status)
{
	if (__call_exitprocs)
		__call_exitprocs(status, NULL);
	for (destructor *const *next = __fini_array_start; next < __fini_array_end; next++)
		(*next)();
	_exit(status);
}

static void flush_at_exit(void)
{
	fflush(stdout);
}

_ssize_t _write_r(struct _reent *state, int file, const void *bytes, size_t length)
{
	(void)file;
	if (console_write(bytes, length) != E_OK) {
		state->_errno = EIO;
		return -1;
	}
	return (_ssize_t)length;
}

/* One byte is enough for a reader that waits for a line. */
_ssize_t _read_r(struct _reent *state, int file, void *bytes, size_t length)
{
	size_t got = 0;

	(void)file;
	while (got == 0) {
		if (console_read(bytes, length > 0 ? 1 : 0, &got) != E_OK) {
			state->_errno = EIO;
			return -1;
		}
	}
	return (_ssize_t)got;
}

/*
 * Asked for when a stream is used first. A terminal is line buffered; the size
 * keeps malloc() from taking a kilobyte for it.
 */
int _fstat_r(struct _reent *state, int file, struct stat *status)
{
	(void)state;
	(void)file;
	libc_at_exit = flush_at_exit;
	*status = (struct stat){.st_mode = S_IFCHR, .st_blksize = BUFFER_SIZE};
	return 0;
}

int _isatty_r(struct _reent *state, int file)
{
	(void)state;
	(void)file;
	return 1;
}

int _close_r(struct _reent *state, int file)
{
	(void)state;
	(void)file;
	return 0;
}

_off_t _lseek_r(struct _reent *state, int file, _off_t offset, int from)
{
	(void)file;
	(void)offset;
	(void)from;
	state->_errno = ESPIPE;
	return -1;
}

void *_sbrk_r(struct _reent *state, ptrdiff_t bytes)
{
	(void)state;
	return sbrk(bytes);
}

/* strtod() and scanf() want these two functions of the mathematical library. */
double nan(const char *tag)
{
	(void)tag;
	return __builtin_nan("");
}

float nanf(const char *tag)
{
	(void)tag;
	return __builtin_nanf("");
}
