/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Round robin: turns, timeslices and interrupts. */
#include "host/host.h"

HOST_TEST(a_busy_process_loses_its_timeslice)
{
	struct host_app *busy, *other;

	host_board_start(NULL);
	busy = host_script_add("busy");
	other = host_script_add("other");
	host_command(busy, DRIVER_LED, 0, 0, 0);
	host_burn(busy);
	TEST_EQUAL(host_now_us(), 10000);
	TEST_EQUAL(host_info(busy).timeslice_expirations, 1);
	TEST_EQUAL(host_command(other, DRIVER_LED, 0, 0, 0).r[1], 4);
}

HOST_TEST(interrupts_do_not_end_a_timeslice)
{
	struct host_app *busy, *sleeper;

	host_board_start(NULL);
	busy = host_script_add("busy");
	sleeper = host_script_add("sleeper");
	host_subscribe(sleeper, DRIVER_ALARM, 0, host_flash(sleeper, 0x100), 0);
	host_command(sleeper, DRIVER_ALARM, 5, 3000, 0);
	TEST_CHECK(!host_yield(sleeper).returned);
	host_command(busy, DRIVER_LED, 0, 0, 0);
	TEST_EQUAL(host_info(busy).timeslice_expirations, 0);
	host_burn(busy);
	TEST_EQUAL(host_info(busy).timeslice_expirations, 1);
	TEST_CHECK(host_continue(sleeper).upcall);
}

HOST_TEST(without_timeslice_nobody_is_interrupted)
{
	struct host_app *busy, *other;

	host_board_start(&(struct host_config){.no_timeslice = true});
	busy = host_script_add("busy");
	other = host_script_add("other");
	host_command(busy, DRIVER_LED, 0, 0, 0);
	host_advance_ms(100);
	TEST_CHECK(!host_continue(other).returned);
	TEST_EQUAL(host_info(busy).timeslice_expirations, 0);
	TEST_CHECK(!host_yield(busy).returned);
	TEST_CHECK(host_continue(other).returned);
}

HOST_TEST(all_have_their_turn)
{
	struct host_app *apps[5];

	host_board_start(NULL);
	for (unsigned int i = 0; i < 5; i++)
		apps[i] = host_script_add("one");
	host_command(apps[0], DRIVER_LED, 0, 0, 0);
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < 5; i++) {
			host_command(apps[i], DRIVER_LED, 0, 0, 0);
			TEST_EQUAL(host_info(apps[i]).timeslice_expirations, round);
			host_burn(apps[i]);
		}
}

/* Two processes hand an event to and fro without time passing. */
HOST_TEST(processes_that_wait_are_woken_in_turn)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_subscribe(one, DRIVER_ALARM, 0, host_flash(one, 0x100), 0);
	host_subscribe(two, DRIVER_ALARM, 0, host_flash(two, 0x100), 0);
	for (unsigned int i = 0; i < 10; i++) {
		host_command(one, DRIVER_ALARM, 5, 10, 0);
		host_command(two, DRIVER_ALARM, 5, 20, 0);
		TEST_CHECK(!host_yield(one).returned);
		TEST_CHECK(!host_yield(two).returned);
		host_advance_us(10);
		TEST_CHECK(host_continue(one).upcall);
		TEST_CHECK(!host_yield(one).returned);
		host_advance_us(10);
		TEST_CHECK(host_continue(two).upcall);
		host_command(two, DRIVER_ALARM, 5, 20, 0);
		host_command(two, DRIVER_ALARM, 3, 0, 0);
		host_subscribe(one, DRIVER_ALARM, 0, host_flash(one, 0x110), 0);
		host_boot(one);
		host_terminate(one);
		host_boot(one);
		host_subscribe(one, DRIVER_ALARM, 0, host_flash(one, 0x110), 0);
	}
}

HOST_TEST(an_interrupt_that_nobody_wired_is_fatal)
{
	host_board_start(NULL);
	host_script_add("one");
	host_run();
	host_interrupt(15);
	TEST_EQUAL(host_run_to_end(), 70);
}
