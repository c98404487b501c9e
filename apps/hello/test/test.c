/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

HOST_TEST(says_hello_and_ends)
{
	struct host_app *hello;

	host_board_start(NULL);
	hello = host_app_add("hello");
	host_run_until(host_in_state(hello, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "Hello from a process!\n");
	TEST_EQUAL(host_info(hello).completion_code, 0);
}

HOST_TEST(ends_even_if_the_console_does_not_work)
{
	struct host_app *hello;

	host_board_start(NULL);
	hello = host_app_add("hello");
	host_fail_command(DRIVER_CONSOLE, 1, E_OFF, UINT32_MAX);
	host_run_until(host_in_state(hello, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "");
}
