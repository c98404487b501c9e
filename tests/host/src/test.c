/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Runs the tests of a program, each in a process of its own. With a name as
 * argument only that one; with --here too, in this very process, for a debugger.
 */
#include "host/test.h"

#include "state.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIME_LIMIT_S = 60, SHOWN = 2000 };

static struct host_test *first, **end = &first;
static unsigned int checks, failures;
static const struct host_test *current;

/* Applications that end leave their streams behind. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=0:detect_stack_use_after_return=0";
}

void host_test_register(struct host_test *test)
{
	*end = test;
	end = &test->next;
}

bool host_test_check(bool holds, const char *text, const char *file, int line)
{
	checks++;
	if (holds)
		return true;
	failures++;
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
	return false;
}

bool host_test_equal(uint64_t is, uint64_t wanted, const char *text, const char *file, int line)
{
	if (host_test_check(is == wanted, text, file, line))
		return true;
	fprintf(stderr, "\tis %llu (0x%llx), wanted %llu (0x%llx)\n", (unsigned long long)is,
		(unsigned long long)is, (unsigned long long)wanted, (unsigned long long)wanted);
	return false;
}

bool host_test_text(const char *is, const char *wanted, const char *file, int line)
{
	if (host_test_check(strcmp(is, wanted) == 0, "texts are equal", file, line))
		return true;
	fprintf(stderr, "\tis     \"%s\"\n\twanted \"%s\"\n", is, wanted);
	return false;
}

static void show(const char *title, const struct host_output *output)
{
	size_t from = output->length > SHOWN ? output->length - SHOWN : 0;

	if (output->length > 0)
		fprintf(stderr, "--- %s:\n%s\n", title, output->text + from);
}

static void show_board(void)
{
	show("console", &host_console_output);
	show("log", &host_log_output);
	for (uint32_t i = 0; i < host.app_count; i++)
		fprintf(stderr, "--- %s: state %d\n", host.apps[i].name,
			host.apps[i].process != NULL ? host.apps[i].process->state : 0);
	fprintf(stderr, "--- at %llu us\n", (unsigned long long)host.now_us);
}

/*
 * Without what the program registered to be done at its end: the memory of
 * applications, where some of that lies, has other contents now. Coverage is
 * written at the end.
 */
static NORETURN void end_program(int status)
{
	fflush(NULL);
#ifdef HOST_COVERAGE
	exit(status);
#else
	_exit(status);
#endif
}

void host_give_up(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", current != NULL ? current->name : "host");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	show_board();
	end_program(1);
}

void host_violation(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: a promise of the kernel is broken: ",
		current != NULL ? current->name : "host");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	show_board();
	abort();
}

static int run_here(const struct host_test *test)
{
	current = test;
	if (test->signal != 0)
		signal(test->signal, SIG_DFL);
	checks = 0;
	failures = 0;
	alarm(TIME_LIMIT_S);
	test->body();
	alarm(0);
	if (checks == 0)
		fprintf(stderr, "%s: it checks nothing\n", test->name);
	if (failures != 0)
		show_board();
	return failures != 0 || checks == 0;
}

static bool ended_well(const struct host_test *test, int status)
{
	if (test->signal != 0)
		return WIFSIGNALED(status) && WTERMSIG(status) == test->signal;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool run_apart(const struct host_test *test)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		end_program(run_here(test));
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	if (ended_well(test, status))
		return true;
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: ended by signal %d (%s)\n", test->name, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	printf("FAILED %s\n", test->name);
	return false;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	bool here = argc > 2 && strcmp(argv[2], "--here") == 0;
	unsigned int run = 0, failed = 0;

	for (struct host_test *test = first; test != NULL; test = test->next) {
		if (only != NULL && strcmp(only, test->name) != 0)
			continue;
		if (here)
			end_program(run_here(test));
		run++;
		failed += !run_apart(test);
	}
	if (run == 0)
		printf("%s: there is no such test\n", argv[0]);
	else
		printf("%s: %u tests, %u failed\n", argv[0], run, failed);
	return failed != 0 || run == 0;
}
