/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Applications that are compiled into the program. */
#include "host/host.h"

HOST_TEST(says_hello)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add("hello");
	host_run_until(host_in_state(app, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "Hello from a process!\n");
	TEST_EQUAL(host_info(app).completion_code, 0);
}

HOST_TEST(touching_foreign_memory_is_a_fault)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add("fault");
	host_run_until(host_in_state(app, PROCESS_FAULTED));
	TEST_CHECK(host_process(app)->fault.cause != 0);
}
