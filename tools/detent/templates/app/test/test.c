/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

HOST_TEST(counts_three_seconds_and_ends)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add("@NAME@");
	host_run_until(host_in_state(app, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "@NAME@: started\n@NAME@: 1 s\n@NAME@: 2 s\n@NAME@: 3 s\n");
	TEST_EQUAL(host_info(app).completion_code, 0);
}

HOST_TEST(says_that_there_is_no_timer)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add("@NAME@");
	host_fail_command(DRIVER_ALARM, 1, E_NODEVICE, UINT32_MAX);
	host_run_until(host_in_state(app, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(app).completion_code, 1);
}
