/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

/* With the viewer beside it: tests/host/kernel/loan_applications.c. */
HOST_TEST(waits_for_a_viewer)
{
	struct host_app *meter;

	host_board_start(NULL);
	meter = host_app_add("meter");
	host_advance_ms(100);
	TEST_EQUAL(host_state(meter), PROCESS_YIELDED);
	TEST_TEXT(host_console(), "");
}
