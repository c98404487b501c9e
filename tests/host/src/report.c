/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How a test program ends, and what it tells then. */
#include "state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHOWN = 2000 /* bytes of each output */ };

const char *host_test_name = "host";

/* Applications that end leave their streams behind. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=0:detect_stack_use_after_return=0";
}

static void show(const char *title, const struct host_output *output)
{
	size_t from = output->length > SHOWN ? output->length - SHOWN : 0;

	if (output->length > 0)
		fprintf(stderr, "--- %s:\n%s\n", title, output->text + from);
}

void host_show_board(void)
{
	show("console", &host_console_output);
	show("log", &host_log_output);
	for (uint32_t i = 0; i < host.app_count; i++)
		fprintf(stderr, "--- %s: state %d\n", host.apps[i].name,
			host.apps[i].process != NULL ? host.apps[i].process->state : 0);
	fprintf(stderr, "--- at %llu us\n", (unsigned long long)host.now_us);
}

#ifdef HOST_COVERAGE
void __gcov_dump(void);
#define WRITE_COVERAGE() __gcov_dump()
#else
#define WRITE_COVERAGE() ((void)0)
#endif

/*
 * Without what the program registered to be done at its end: the memory of
 * applications, where some of that lies, has other contents now.
 */
void host_end_program(int status)
{
	fflush(stdout);
	fflush(stderr);
	WRITE_COVERAGE();
	_exit(status);
}

void host_give_up(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", host_test_name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	host_show_board();
	host_end_program(1);
}

void host_violation(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: a promise of the kernel is broken: ", host_test_name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	host_show_board();
	WRITE_COVERAGE();
	abort();
}
