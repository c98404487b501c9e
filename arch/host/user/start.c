/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Start and standard streams of an application on the host, as crt0 and the C
 * library's port are elsewhere. Everything in here lies in the memory of one
 * application; the names that make/host.mk redefines come from here instead of
 * the host's C library.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "abi/error.h"
#include "detent/compiler.h"
#include "detent/console.h"
#include "detent/syscall.h"

enum { CHUNK = 64, ALIGN = 16, EXIT_HANDLERS = 32 };

/* An application may bring a heap of its own. */
#define WEAK __attribute__((weak))

FILE *host_stdout, *host_stderr, *host_stdin;

typedef void constructor(void);

/* Both are in the application's own memory: app.ld. */
extern constructor *const host_init_start[], *const host_init_end[];
extern constructor *const host_fini_start[], *const host_fini_end[];

int main(void);
void *sbrk(ptrdiff_t bytes);
NORETURN void _exit(int status);

void host_start(void);
int host_atexit(void (*handler)(void));
NORETURN void host_exit(int status);
NORETURN void host_assert_fail(const char *text, const char *file, unsigned int line,
			       const char *function);
int host_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int host_vprintf(const char *format, va_list arguments);
int host_puts(const char *text);
int host_putchar(int character);
int host_getchar(void);
WEAK void *host_malloc(size_t size);
WEAK void *host_calloc(size_t count, size_t size);
WEAK void *host_realloc(void *old, size_t size);
WEAK void host_free(void *pointer);

/* The stream's own buffer is not the application's memory, and cannot be shared. */
static ssize_t write_text(void *cookie, const char *text, size_t length)
{
	static char chunk[CHUNK];

	(void)cookie;
	for (size_t done = 0; done < length;) {
		size_t part = length - done < CHUNK ? length - done : CHUNK;

		memcpy(chunk, text + done, part);
		if (console_write(chunk, part) != E_OK)
			return 0;
		done += part;
	}
	return (ssize_t)length;
}

static ssize_t read_text(void *cookie, char *buffer, size_t length)
{
	static char byte;
	size_t got = 0;

	(void)cookie;
	if (length == 0)
		return 0;
	fflush(host_stdout);
	while (got == 0)
		if (console_read(&byte, 1, &got) != E_OK)
			return -1;
	buffer[0] = byte;
	return 1;
}

/* Output goes by lines, as in the userland's ports of C libraries. */
static void open_streams(void)
{
	static char out[CHUNK];

	host_stdout = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_text});
	host_stderr = host_stdout;
	host_stdin = fopencookie(NULL, "r", (cookie_io_functions_t){.read = read_text});
	setvbuf(host_stdout, out, _IOLBF, sizeof(out));
	setvbuf(host_stdin, NULL, _IONBF, 0);
}

void host_start(void)
{
	open_streams();
	for (constructor *const *next = host_init_start; next < host_init_end; next++)
		(*next)();
	host_exit(main());
}

static void (*exit_handlers[EXIT_HANDLERS])(void);
static unsigned int exit_handler_count;

int host_atexit(void (*handler)(void))
{
	if (exit_handler_count == EXIT_HANDLERS)
		return -1;
	exit_handlers[exit_handler_count++] = handler;
	return 0;
}

NORETURN void host_exit(int status)
{
	while (exit_handler_count > 0)
		exit_handlers[--exit_handler_count]();
	for (constructor *const *next = host_fini_end; next > host_fini_start;)
		(*--next)();
	fflush(host_stdout);
	_exit(status);
}

/* The host's own would end the whole test. */
NORETURN void host_assert_fail(const char *text, const char *file, unsigned int line,
			       const char *function)
{
	(void)function;
	host_printf("assertion \"%s\" failed: file \"%s\", line %u\n", text, file, line);
	fflush(host_stdout);
	abort();
}

int host_vprintf(const char *format, va_list arguments)
{
	return vfprintf(host_stdout, format, arguments);
}

int host_printf(const char *format, ...)
{
	va_list arguments;
	int count;

	va_start(arguments, format);
	count = vfprintf(host_stdout, format, arguments);
	va_end(arguments);
	return count;
}

int host_puts(const char *text)
{
	return fputs(text, host_stdout) == EOF || fputc('\n', host_stdout) == EOF ? EOF : 0;
}

int host_putchar(int character)
{
	return fputc(character, host_stdout);
}

int host_getchar(void)
{
	return fgetc(host_stdin);
}

/* ---- a heap in the process's own memory: a list of blocks, first fit ---- */

struct block {
	struct block *next;
	size_t size; /* bytes behind this header */
	size_t used; /* bool, as wide as the rest */
	size_t unused;
};

_Static_assert(sizeof(struct block) % ALIGN == 0, "blocks stay aligned");

static struct block *heap;

static struct block *grow(size_t size)
{
	struct block *block = sbrk((ptrdiff_t)(sizeof(struct block) + size));

	if ((intptr_t)block == -1)
		return NULL;
	*block = (struct block){.size = size, .next = heap};
	heap = block;
	return block;
}

void *host_malloc(size_t size)
{
	size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;
	struct block *block = heap;

	if (rounded < size)
		return NULL;
	while (block != NULL && (block->used || block->size < rounded))
		block = block->next;
	if (block == NULL)
		block = grow(rounded);
	if (block == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	block->used = 1;
	return block + 1;
}

void host_free(void *pointer)
{
	if (pointer != NULL)
		((struct block *)pointer - 1)->used = 0;
}

void *host_calloc(size_t count, size_t size)
{
	void *pointer;

	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	pointer = host_malloc(count * size);
	if (pointer != NULL)
		memset(pointer, 0, count * size);
	return pointer;
}

void *host_realloc(void *old, size_t size)
{
	void *pointer = host_malloc(size);
	size_t kept = old == NULL ? 0 : ((struct block *)old - 1)->size;

	if (pointer == NULL || old == NULL)
		return pointer;
	memcpy(pointer, old, kept < size ? kept : size);
	host_free(old);
	return pointer;
}
