/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

/* With the service beside it: tests/host/kernel/ipc_memory.c. */
HOST_TEST(says_that_nobody_has_that_name_and_goes_on)
{
	struct host_app *tally_ask;

	host_board_start(NULL);
	tally_ask = host_app_add("tally_ask");
	for (int i = 0; i < 3; i++)
		host_run_until(host_console_saw("tally_ask: no such driver\n"));
	TEST_CHECK(host_state(tally_ask) != PROCESS_TERMINATED &&
		   host_state(tally_ask) != PROCESS_FAULTED);
}
