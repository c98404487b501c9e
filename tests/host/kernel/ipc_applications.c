/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The userland's two sides of a connection: apps/upper and apps/ask. */
#include "host/host.h"

#include <string.h>

static const char line[] = "ask: the quick brown fox -> THE QUICK BROWN FOX\n";

HOST_TEST(every_line_is_answered)
{
	struct host_app *ask;

	host_board_start(NULL);
	host_app_add("upper");
	ask = host_app_add("ask");
	for (int i = 0; i < 4; i++)
		host_run_until(host_console_saw(line));
	TEST_EQUAL(host_info(ask).upcalls_dropped, 0);
}

HOST_TEST(a_service_that_was_restarted_is_found_again)
{
	struct host_app *upper;

	host_board_start(NULL);
	upper = host_app_add("upper");
	host_app_add("ask");
	host_run_until(host_console_saw(line));
	TEST_EQUAL(host_terminate(upper), E_OK);
	host_run_until(host_console_saw("fox -> device taken out\n"));
	host_run_until(host_console_saw("fox -> no such driver\n"));
	TEST_EQUAL(host_boot(upper), E_OK);
	host_run_until(host_console_saw(line));
}

HOST_TEST(a_client_that_was_restarted_is_served_again)
{
	struct host_app *ask;

	host_board_start(NULL);
	host_app_add("upper");
	ask = host_app_add("ask");
	for (int i = 0; i < 10; i++) {
		host_run_until(host_console_saw(line));
		TEST_EQUAL(host_fault_it(ask), E_OK);
		TEST_EQUAL(host_boot(ask), E_OK);
	}
	host_run_until(host_console_saw(line));
}
