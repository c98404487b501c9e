/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel with the priority scheduler. */
#include "host/host.h"

enum { NO_DEVICE = 4 /* interrupts and wants nothing: the panel */ };

static const struct process_policy policies[] = {
	{.name = "urgent", .priority = 0, .timeslice_us = 10000},
	{.name = "equal", .priority = 1, .timeslice_us = 10000},
	{.name = "patient", .priority = 2},
};

static const struct host_config config = {
	.policies = policies,
	.policy_count = 3,
};

static void sleep_for(struct host_app *app, uint32_t us)
{
	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 0);
	host_command(app, DRIVER_ALARM, 5, us, 0);
	(void)host_yield(app);
}

HOST_TEST(the_urgent_process_runs_first)
{
	struct host_app *patient, *urgent;

	host_board_start(&config);
	patient = host_script_add("patient");
	urgent = host_script_add("urgent");
	host_command(urgent, DRIVER_LED, 0, 0, 0);
	TEST_CHECK(!host_continue(patient).returned);
	sleep_for(urgent, 100);
	TEST_CHECK(host_continue(patient).returned);

	/* It takes the processor away at once when it wakes. */
	host_advance_us(100);
	TEST_CHECK(host_continue(urgent).upcall);
	TEST_CHECK(!host_continue(patient).returned);
}

HOST_TEST(equals_share_by_timeslice)
{
	struct host_app *one, *two;

	host_board_start(&config);
	one = host_script_add("equal");
	two = host_script_add("equal");
	host_command(one, DRIVER_LED, 0, 0, 0);
	host_burn(one);
	TEST_EQUAL(host_info(one).timeslice_expirations, 1);
	TEST_CHECK(host_continue(two).returned);
	host_burn(two);
	TEST_CHECK(host_continue(one).returned);
	sleep_for(one, 10);
	sleep_for(two, 10);
	host_advance_us(10);
	TEST_CHECK(host_continue(one).returned);
}

HOST_TEST(an_interrupt_for_nobody_leaves_the_processor_where_it_is)
{
	struct host_app *one, *two;

	host_board_start(&config);
	one = host_script_add("equal");
	two = host_script_add("equal");
	host_command(one, DRIVER_LED, 0, 0, 0);
	for (unsigned int i = 0; i < 3; i++) {
		host_interrupt(NO_DEVICE);
		TEST_CHECK(host_running() == one);
	}
	TEST_EQUAL(host_info(one).timeslice_expirations, 0);
	host_burn(one);
	TEST_CHECK(host_running() == two);
}
