/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Round robin: turns, timeslices and interrupts. */
#include "host/host.h"

static void sleep_for(struct host_app *app, uint32_t us)
{
	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 0);
	host_command(app, DRIVER_ALARM, 5, us, 0);
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(a_busy_process_loses_its_timeslice)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	two = host_script_add("two");
	one = host_script_add("one");
	TEST_CHECK(host_running() == two);
	host_burn(two);
	TEST_EQUAL(host_now_us(), 10000);
	TEST_EQUAL(host_info(two).timeslice_expirations, 1);
	TEST_CHECK(host_running() == one);
	TEST_EQUAL(host_info(one).timeslice_expirations, 0);
}

HOST_TEST(interrupts_do_not_end_a_timeslice)
{
	struct host_app *busy, *sleeper;

	host_board_start(NULL);
	sleeper = host_script_add("sleeper");
	busy = host_script_add("busy");
	sleep_for(sleeper, 3000);
	TEST_CHECK(host_running() == busy);
	host_interrupt(0); /* the serial port's, though nothing came */
	TEST_CHECK(host_running() == busy);
	host_burn(busy);
	TEST_EQUAL(host_now_us(), 10000);
	TEST_EQUAL(host_info(busy).timeslice_expirations, 1);
	TEST_CHECK(host_running() == sleeper);
	TEST_CHECK(host_continue(sleeper).upcall);
}

HOST_TEST(without_timeslice_nobody_is_interrupted)
{
	struct host_app *one, *two;

	host_board_start(&(struct host_config){.no_timeslice = true});
	two = host_script_add("two");
	one = host_script_add("one");
	TEST_CHECK(host_running() == two);
	host_advance_ms(100);
	TEST_CHECK(!host_continue(one).returned);
	TEST_EQUAL(host_info(two).timeslice_expirations, 0);
	TEST_CHECK(!host_yield(two).returned);
	TEST_CHECK(host_continue(one).returned);
}

HOST_TEST(all_have_their_turn)
{
	struct host_app *apps[5];

	host_board_start(&(struct host_config){.process_slots = 5});
	for (unsigned int i = 0; i < 5; i++)
		apps[i] = host_script_add("one");
	for (unsigned int turn = 0; turn < 15; turn++) {
		TEST_CHECK(host_running() == apps[turn % 5]);
		host_burn(apps[turn % 5]);
	}
	for (unsigned int i = 0; i < 5; i++)
		TEST_EQUAL(host_info(apps[i]).timeslice_expirations, 3);
}

HOST_TEST(processes_that_wait_are_woken_in_turn)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	two = host_script_add("two");
	one = host_script_add("one");
	sleep_for(one, 10);
	sleep_for(two, 20);
	for (unsigned int i = 0; i < 10; i++) {
		host_advance_us(10);
		TEST_CHECK(host_continue(one).upcall);
		sleep_for(one, 20);
		host_advance_us(10);
		TEST_CHECK(host_continue(two).upcall);
		sleep_for(two, 20);
	}
}

/* The process whose slice goes on ends: the next one gets a slice of its own. */
HOST_TEST(a_new_slice_begins_when_a_process_ends)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	two = host_script_add("two");
	one = host_script_add("one");
	TEST_CHECK(host_running() == two);
	host_advance_ms(5);
	host_call(two, SYSCALL_EXIT, EXIT_TERMINATE, 0, 0, 0);
	TEST_CHECK(host_running() == one);
	host_burn(one);
	TEST_EQUAL(host_now_us(), 15000);
}

HOST_TEST(an_interrupt_that_nobody_wired_is_fatal)
{
	host_board_start(NULL);
	host_script_add("one");
	host_run();
	host_interrupt(15);
	TEST_EQUAL(host_run_to_end(), 70);
}
