/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel with the cooperative scheduler. */
#include "host/host.h"

HOST_TEST(nobody_is_interrupted)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_run();
	host_advance_ms(100);
	TEST_CHECK(host_continue(one).returned);
	TEST_CHECK(!host_continue(two).returned);
	TEST_EQUAL(host_info(one).timeslice_expirations, 0);
	host_subscribe(one, DRIVER_ALARM, 0, host_flash(one, 0x100), 0);
	host_command(one, DRIVER_ALARM, 5, 10, 0);
	TEST_CHECK(!host_yield(one).returned);
	TEST_CHECK(host_continue(two).returned);
	TEST_CHECK(!host_yield(two).returned);
	host_advance_us(10);
	TEST_CHECK(host_continue(one).upcall);
}
