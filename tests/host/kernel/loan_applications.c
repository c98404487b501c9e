/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The userland's ways of using a loan, both sides: apps/meter and apps/meter_view. */
#include "host/host.h"

#include <string.h>

static struct host_app *meter, *view;

static void start(void)
{
	host_board_start(NULL);
	meter = host_app_add("meter");
	view = host_app_add("meter_view");
}

static void all_ways(void)
{
	host_run_until(host_console_saw("view: latest: no error, 3 changes, 0 torn\n"));
	host_run_until(host_console_saw("view: queue: no error, 40 taken, 0 wrong\n"));
	host_run_until(host_console_saw("view: buffer: byte 7 is 7\n"));
	host_run_until(host_console_saw("meter: back, first byte 99\n"));
}

HOST_TEST(latest_value_queue_and_buffer_work_again_and_again)
{
	start();
	for (int i = 0; i < 3; i++)
		all_ways();
	TEST_CHECK(strstr(host_console(), "still here") == NULL);
	TEST_EQUAL(host_info(meter).restarts, 0);
	TEST_EQUAL(host_info(view).restarts, 0);
}

/* The borrower ends while it has the loan: the lender goes on, and lends to the next life. */
HOST_TEST(a_lender_outlives_its_borrower)
{
	start();
	all_ways();
	for (int i = 0; i < 3; i++) {
		host_advance_ms(2 + 3 * (uint64_t)i);
		TEST_EQUAL(host_terminate(view), E_OK);
		host_advance_ms(20);
		TEST_EQUAL(host_boot(view), E_OK);
		all_ways();
	}
	TEST_EQUAL(host_info(meter).restarts, 0);
}

/* The lender ends: what the borrower has read until then stands, and the library says so. */
HOST_TEST(a_borrower_is_told_that_its_lender_ended)
{
	start();
	all_ways();
	host_advance_ms(3); /* the next round has begun, and the viewer sleeps between reads */
	TEST_EQUAL(host_terminate(meter), E_OK);
	host_run_until(host_console_saw(": device taken out, "));
	TEST_EQUAL(host_boot(meter), E_OK);
	all_ways();
	TEST_EQUAL(host_info(view).restarts, 0);
}
