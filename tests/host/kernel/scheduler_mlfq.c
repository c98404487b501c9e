/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel with the multi-level feedback queue. */
#include "host/host.h"

enum { NO_DEVICE = 4 /* interrupts and wants nothing: the panel */ };

static void sleep_for(struct host_app *app, uint32_t us)
{
	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 0);
	host_command(app, DRIVER_ALARM, 5, us, 0);
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(who_uses_its_slices_up_sinks)
{
	struct host_app *busy, *brief;

	host_board_start(NULL);
	busy = host_script_add("busy");
	brief = host_script_add("brief");
	sleep_for(brief, 100000);
	TEST_EQUAL(host_process(busy)->level, 0);
	host_burn(busy);
	TEST_EQUAL(host_now_us(), 10000);
	host_burn(busy);
	TEST_EQUAL(host_now_us(), 30000);
	host_burn(busy);
	TEST_EQUAL(host_now_us(), 80000);
	TEST_EQUAL(host_process(busy)->level, 2);

	/* The one that sleeps takes the processor away at once when it wakes. */
	host_advance_us(20000);
	TEST_CHECK(host_running() == brief);
	TEST_EQUAL(host_process(brief)->level, 0);
	sleep_for(brief, 100);
	TEST_CHECK(host_running() == busy);
}

HOST_TEST(all_are_lifted_in_time)
{
	struct host_app *busy;
	unsigned int slices = 0;

	host_board_start(NULL);
	busy = host_script_add("busy");
	do {
		host_burn(busy);
		slices++;
	} while (host_process(busy)->level != 0 && slices < 100);
	TEST_EQUAL(slices, 22);
	TEST_EQUAL(host_now_us(), 1030000);
}

HOST_TEST(everything_sleeps_and_wakes)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	for (unsigned int i = 0; i < 5; i++) {
		sleep_for(app, 1000);
		TEST_CHECK(host_running() == NULL);
		host_advance_ms(1);
		TEST_CHECK(host_continue(app).upcall);
	}
}

HOST_TEST(an_interrupt_for_nobody_leaves_the_processor_where_it_is)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_command(one, DRIVER_LED, 0, 0, 0);
	for (unsigned int i = 0; i < 3; i++) {
		host_interrupt(NO_DEVICE);
		TEST_CHECK(host_running() == one);
	}
	TEST_EQUAL(host_info(one).timeslice_expirations, 0);
	host_burn(one);
	TEST_CHECK(host_running() == two);
}

/* Time passes in its last call: its slice is over when it gives the processor up. */
HOST_TEST(who_yields_as_its_slice_ends_does_not_sink)
{
	struct host_app *one, *two;

	host_board_start(&(struct host_config){.syscall_us = 20000});
	one = host_script_add("one");
	two = host_script_add("two");
	TEST_CHECK(!host_yield(one).returned);
	TEST_CHECK(host_running() == two);
	TEST_EQUAL(host_process(one)->level, 0);
	TEST_EQUAL(host_info(one).timeslice_expirations, 0);
}

HOST_TEST(no_timeslice_is_none)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.no_timeslice = true});
	app = host_script_add("one");
	host_advance_ms(1000);
	TEST_CHECK(host_running() == app);
	TEST_EQUAL(host_process(app)->level, 0);
}
