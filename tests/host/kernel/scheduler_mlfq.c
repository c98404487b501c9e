/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel with the multi-level feedback queue. */
#include "host/host.h"

HOST_TEST(who_uses_up_its_slices_sinks)
{
	struct host_app *busy, *brief;

	host_board_start(NULL);
	busy = host_script_add("busy");
	brief = host_script_add("brief");
	host_subscribe(brief, DRIVER_ALARM, 0, host_flash(brief, 0x100), 0);
	host_command(brief, DRIVER_ALARM, 5, 1000000, 0);
	TEST_CHECK(!host_yield(brief).returned);
	for (unsigned int i = 0; i < 4; i++)
		host_burn(busy);
	TEST_CHECK(host_process(busy)->level > host_process(brief)->level);
	host_advance_ms(1000);
	TEST_CHECK(host_continue(brief).upcall);
	TEST_CHECK(!host_continue(busy).returned);
	TEST_CHECK(!host_yield(brief).returned);
	TEST_CHECK(host_continue(busy).returned);
}

HOST_TEST(everything_sleeps_and_wakes)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 0);
	for (unsigned int i = 0; i < 5; i++) {
		host_command(app, DRIVER_ALARM, 5, 1000, 0);
		TEST_CHECK(!host_yield(app).returned);
		host_advance_ms(1);
		TEST_CHECK(host_continue(app).upcall);
	}
}
