/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Without the right to install; with it the loader is tested by tests/tools/test_install.py. */
#include "host/host.h"

HOST_TEST(says_that_it_may_not_install)
{
	struct host_app *loader;

	host_board_start(NULL);
	loader = host_app_add("loader");
	host_run_until(host_in_state(loader, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "loader: this board does not let me install applications\n");
	TEST_EQUAL(host_info(loader).completion_code, 1);
}

HOST_TEST(says_so_even_if_the_driver_is_there_and_refuses)
{
	struct host_app *loader;

	host_board_start(NULL);
	loader = host_app_add("loader");
	host_fail_command(DRIVER_APP_MANAGER, 0, E_NOSUPPORT, 1);
	host_run_until(host_in_state(loader, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(loader).completion_code, 1);
}
