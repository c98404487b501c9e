/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel with the cooperative scheduler. */
#include "host/host.h"

HOST_TEST(nobody_is_interrupted)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	TEST_CHECK(host_running() == two);
	host_advance_ms(100);
	TEST_CHECK(host_running() == two);
	TEST_CHECK(!host_continue(one).returned);
	TEST_EQUAL(host_info(two).timeslice_expirations, 0);
	host_subscribe(two, DRIVER_ALARM, 0, host_flash(two, 0x100), 0);
	host_command(two, DRIVER_ALARM, 5, 10, 0);
	TEST_CHECK(!host_yield(two).returned);
	TEST_CHECK(host_running() == one);
	TEST_CHECK(!host_yield(one).returned);
	TEST_CHECK(host_running() == NULL);
	host_advance_us(10);
	TEST_CHECK(host_continue(two).upcall);
	TEST_EQUAL(host_terminate(two), E_OK);
	TEST_EQUAL(host_boot(one), E_ALREADY);
	TEST_EQUAL(host_boot(two), E_OK);
	TEST_CHECK(host_running() == two);
}
