/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

/* With the service beside it: tests/host/kernel/ipc_applications.c. */
HOST_TEST(says_that_nobody_answers_and_goes_on)
{
	struct host_app *ask;

	host_board_start(NULL);
	ask = host_app_add("ask");
	for (int i = 0; i < 3; i++)
		host_run_until(host_console_saw("ask: the quick brown fox -> no such driver\n"));
	TEST_CHECK(host_state(ask) != PROCESS_TERMINATED && host_state(ask) != PROCESS_FAULTED);
}
