/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Runs the tests of a program, each in a process of its own. With a name as
 * argument only that one; with --here too, in this very process, for a debugger.
 */
#include "host/test.h"

#include "state.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIME_LIMIT_S = 60 };

static struct host_test *first, **end = &first;
static unsigned int checks, failures;

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

/* What it says then is expected too: it is shown only where all is (HOST_ECHO). */
static void expect_signal(int number)
{
	signal(number, SIG_DFL);
	if (getenv("HOST_ECHO") == NULL && freopen("/dev/null", "w", stderr) == NULL)
		perror("/dev/null");
}

static int run_here(const struct host_test *test)
{
	host_test_name = test->name;
	if (test->signal != 0)
		expect_signal(test->signal);
	checks = 0;
	failures = 0;
	alarm(TIME_LIMIT_S);
	test->body();
	alarm(0);
	if (checks == 0)
		fprintf(stderr, "%s: it checks nothing\n", test->name);
	if (failures != 0)
		host_show_board();
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

	fflush(stdout);
	fflush(stderr);
	child = fork();
	if (child == 0)
		host_end_program(run_here(test));
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
			host_end_program(run_here(test));
		run++;
		failed += !run_apart(test);
	}
	if (run == 0)
		printf("%s: there is no such test\n", argv[0]);
	else
		printf("%s: %u tests, %u failed\n", argv[0], run, failed);
	return failed != 0 || run == 0;
}
