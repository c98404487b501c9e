/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The test applications of tests/apps on the host: the userland, start to end. */
#include "host/host.h"

#include <string.h>

static struct host_app *ends(const char *name, uint32_t status)
{
	struct host_app *app;

	/* Some wait by looking at the clock. */
	host_board_start(&(struct host_config){.syscall_us = 50});
	app = host_app_add(name);
	host_run_until(host_in_state(app, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(app).completion_code, status);
	return app;
}

static bool printed(const char *text)
{
	return strstr(host_console(), text) != NULL;
}

HOST_TEST(a_restart_begins_anew)
{
	const struct host_expected calls[] = {{SYSCALL_EXIT, EXIT_RESTART, 5},
					      {SYSCALL_EXIT, EXIT_RESTART, 5},
					      {SYSCALL_EXIT, EXIT_TERMINATE, 7}};
	struct host_app *app = ends("exit_restart", 7);

	TEST_CHECK(!printed("stale"));
	TEST_CHECK(host_info(app).restarts >= 3);
	TEST_CHECK(host_called_in_order(app, calls, 3));
}

HOST_TEST(data_and_heap_are_in_order)
{
	ends("bss_data", 0);
	TEST_TEXT(host_console(), "bss_data: 0 failed\n");
}

HOST_TEST(timers_fire_in_order)
{
	ends("multi_alarm", 0);
	TEST_TEXT(host_console(), "multi_alarm: 0 failed\n");
}

HOST_TEST(exit_runs_handlers_and_flushes)
{
	ends("exit_atexit", 42);
	TEST_TEXT(host_console(), "exit_atexit: main, first, last");
}

HOST_TEST(scopes_end_what_they_share)
{
	ends("scopes", 0);
	TEST_TEXT(host_console(), "scopes: 0 failed\n");
}

HOST_TEST(an_allocator_of_its_own)
{
	ends("own_malloc", 0);
	TEST_CHECK(printed("own_malloc: hello, enough blocks, zero, "));
}

HOST_TEST(long_output_comes_whole)
{
	ends("printf_all", 0);
	TEST_CHECK(printed("int 0 -2147483648 2147483647\n"));
	TEST_CHECK(printed("18-012345678919-0123456789 end of a long line\n"));
	TEST_CHECK(printed("no end of line here but flushed\nsnprintf 7 seven\n"));
	TEST_CHECK(printed("printf_all: done"));
}

HOST_TEST(lines_are_echoed)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add("console_echo");
	host_run_until(host_console_saw("ready\n"));
	host_type("hello world\r");
	host_run_until(host_console_saw("console_echo: 11 [hello world]\n"));
	host_type("abd\bc\n");
	host_run_until(host_console_saw("console_echo: 3 [abc]\n"));
	host_type("quit\r");
	host_run_until(host_in_state(app, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(app).completion_code, 0);
}

/* Two applications and the operator share one console. */
HOST_TEST(applications_run_side_by_side)
{
	struct host_app *timers, *data;

	host_board_start(&(struct host_config){.process_console = true, .log_on_console = true});
	timers = host_app_add("multi_alarm");
	data = host_app_add("bss_data");
	host_run_until(host_in_state(timers, PROCESS_TERMINATED));
	TEST_EQUAL(host_state(data), PROCESS_TERMINATED);
	TEST_CHECK(printed("multi_alarm: 0 failed\n") && printed("bss_data: 0 failed\n"));
	host_type("list\r");
	host_run_until(host_console_saw("multi_alarm"));
	TEST_EQUAL(host_boot(data), E_OK);
	host_run_until(host_console_saw("bss_data: 0 failed\n"));
}
