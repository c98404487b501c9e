/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The board starts, and says so. */
#include "host/host.h"

#include <string.h>

HOST_TEST(starts_without_applications)
{
	host_board_start(NULL);
	host_run();
	TEST_CHECK(strstr(host_log(), "Detent host on host, a model of memory protection") != NULL);
}

HOST_TEST(a_process_makes_a_system_call)
{
	struct host_app *app;
	struct host_return result;

	host_board_start(NULL);
	app = host_script_add("script");
	result = host_command(app, DRIVER_ALARM, 1, 0, 0);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(result.r[1], 1000000);
}
