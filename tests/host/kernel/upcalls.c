/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Upcalls: their order, what is dropped, and the ways to wait for them. */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"

#include <string.h>

enum { SCHEDULE = 1 };

static enum error scheduled;

/* Command 1 schedules upcall argument[0] with argument[1] as its first value. */
static syscall_result schedule(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	if (entry == NULL || number != SCHEDULE)
		return syscall_failure(E_NOMEM);
	scheduled = upcall_schedule(entry, argument[0], argument[1], 2, 3);
	return syscall_from_error(scheduled);
}

static struct host_app *one_process(void)
{
	struct host_app *app;

	host_board_start(NULL);
	host_probe.command = schedule;
	app = host_script_add("one");
	host_run();
	return app;
}

static uint32_t queue(struct host_app *app, uint32_t number, uint32_t value)
{
	return host_command(app, HOST_PROBE_DRIVER, SCHEDULE, number, value).r[0];
}

HOST_TEST(upcalls_come_in_the_order_of_their_events)
{
	struct host_app *app = one_process();
	const uint32_t order[] = {2, 0, 1};

	for (uint32_t i = 0; i < 3; i++)
		host_subscribe(app, HOST_PROBE_DRIVER, i, host_flash(app, 0x100 + 16 * i), 70 + i);
	for (uint32_t i = 0; i < 3; i++)
		TEST_EQUAL(queue(app, order[i], 40 + i), SYSCALL_SUCCESS);
	TEST_EQUAL(host_info(app).upcalls_pending, 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct host_return result = host_yield(app);

		TEST_CHECK(result.returned && result.upcall);
		TEST_EQUAL(result.function, host_flash(app, 0x100 + 16 * order[i]));
		TEST_EQUAL(result.r[0], 40 + i);
		TEST_EQUAL(result.r[1], 2);
		TEST_EQUAL(result.r[2], 3);
		TEST_EQUAL(result.r[3], 70 + order[i]);
	}
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(a_full_queue_drops_and_counts)
{
	struct host_app *app = one_process();
	const uint32_t fit = 1 + HOST_PROBE_QUEUE;

	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	for (uint32_t i = 0; i < fit; i++)
		TEST_EQUAL(queue(app, 0, i), SYSCALL_SUCCESS);
	TEST_EQUAL(queue(app, 0, 9), SYSCALL_FAILURE);
	TEST_EQUAL(scheduled, E_BUSY);
	TEST_EQUAL(host_info(app).upcalls_dropped, 1);

	/* Another number has a place of its own all the same. */
	TEST_EQUAL(queue(app, 1, 50), SYSCALL_SUCCESS);
	TEST_EQUAL(queue(app, 1, 51), SYSCALL_FAILURE);
	for (uint32_t i = 0; i < fit; i++)
		TEST_EQUAL(host_yield(app).r[0], i);
	TEST_EQUAL(host_info(app).upcalls_dropped, 2);
	TEST_EQUAL(queue(app, 4, 0), SYSCALL_FAILURE);
	TEST_EQUAL(scheduled, E_INVAL);
}

HOST_TEST(null_upcalls_are_skipped)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_subscribe(app, HOST_PROBE_DRIVER, 1, host_flash(app, 0x100), 0);
	queue(app, 0, 10);
	queue(app, 1, 11);
	result = host_yield(app);
	TEST_CHECK(result.upcall);
	TEST_EQUAL(result.r[0], 11);
	TEST_EQUAL(host_info(app).upcalls_pending, 0);

	/* And alone they wake nobody. */
	queue(app, 0, 12);
	TEST_CHECK(!host_yield(app).returned);
	TEST_EQUAL(host_state(app), PROCESS_YIELDED);
}

HOST_TEST(a_new_subscription_forgets_what_was_pending)
{
	struct host_app *app = one_process();

	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	host_subscribe(app, HOST_PROBE_DRIVER, 1, host_flash(app, 0x110), 0);
	queue(app, 0, 1);
	queue(app, 1, 2);
	queue(app, 0, 3);
	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x120), 0);
	TEST_EQUAL(host_info(app).upcalls_pending, 1);

	/* The last of the list was among those: the next one goes behind what is left. */
	queue(app, 0, 4);
	TEST_EQUAL(host_yield(app).r[0], 2);
	TEST_EQUAL(host_yield(app).function, host_flash(app, 0x120));
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(what_is_waited_for_may_be_anywhere_in_the_queue)
{
	struct host_app *app = one_process();

	for (uint32_t i = 0; i < 4; i++)
		host_subscribe(app, HOST_PROBE_DRIVER, i, host_flash(app, 0x100), 0);
	for (uint32_t i = 0; i < 3; i++)
		queue(app, i, i);
	TEST_EQUAL(host_yield_for(app, HOST_PROBE_DRIVER, 2).r[0], 2);
	queue(app, 3, 3);
	TEST_EQUAL(host_yield_for(app, HOST_PROBE_DRIVER, 1).r[0], 1);
	TEST_EQUAL(host_yield(app).r[0], 0);
	TEST_EQUAL(host_yield(app).r[0], 3);
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(yield_no_wait_tells_whether_one_ran)
{
	struct host_app *app = one_process();
	uint32_t flag = host_ram(app, 0);
	uint8_t ran = 7;

	TEST_CHECK(host_yield_no_wait(app, flag).returned);
	host_peek(app, flag, &ran, 1);
	TEST_EQUAL(ran, 0);
	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	queue(app, 0, 1);
	TEST_CHECK(host_yield_no_wait(app, flag).upcall);
	host_peek(app, flag, &ran, 1);
	TEST_EQUAL(ran, 1);
	queue(app, 0, 1);
	TEST_CHECK(host_yield_no_wait(app, 0).upcall);
}

HOST_TEST(the_flag_cannot_be_put_into_foreign_memory)
{
	struct host_app *app = one_process();
	uint8_t byte = 0x55;

	TEST_CHECK(host_yield_no_wait(app, host_info(app).grant_break).returned);
	TEST_CHECK(host_yield_no_wait(app, host_flash(app, 0x100)).returned);
	TEST_EQUAL(host_counters.pokes_refused, 2);
	host_poke(app, host_ram(app, 0), &byte, 1);
	TEST_CHECK(host_yield_no_wait(app, host_ram(app, 0)).returned);
	host_peek(app, host_ram(app, 0), &byte, 1);
	TEST_EQUAL(byte, 0);
}

HOST_TEST(yield_wait_for_takes_its_own_event)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	queue(app, 0, 1);
	queue(app, 2, 2); /* nothing is subscribed to it */
	result = host_yield_for(app, HOST_PROBE_DRIVER, 2);
	TEST_CHECK(result.returned && !result.upcall);
	TEST_EQUAL(result.r[0], 2);
	TEST_EQUAL(result.r[1], 2);
	TEST_EQUAL(result.r[2], 3);
	TEST_EQUAL(host_yield(app).r[0], 1);
}

HOST_TEST(yield_wait_for_waits_for_an_alarm)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_command(app, DRIVER_ALARM, 5, 2000, 0);
	TEST_CHECK(!host_yield_for(app, DRIVER_ALARM, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_YIELDED_FOR);
	host_advance_us(1999);
	TEST_CHECK(!host_continue(app).returned);
	host_advance_us(1);
	result = host_continue(app);
	TEST_CHECK(result.returned && !result.upcall);
	TEST_EQUAL(result.r[0], 2000);
}

/* A wait for what cannot be: the process waits for ever, and can be ended. */
HOST_TEST(yield_wait_for_the_impossible_waits_for_ever)
{
	const uint32_t what[][2] = {{0x777, 0},
				    {HOST_PROBE_DRIVER, HOST_PROBE_UPCALLS},
				    {HOST_PROBE_DRIVER, UINT32_MAX},
				    {DRIVER_LED, 0}};
	struct host_app *apps[4];

	host_board_start(NULL);
	for (uint32_t i = 0; i < 4; i++)
		apps[i] = host_script_add("waits");
	for (uint32_t i = 0; i < 4; i++) {
		TEST_CHECK(!host_yield_for(apps[i], what[i][0], what[i][1]).returned);
		TEST_EQUAL(host_state(apps[i]), PROCESS_YIELDED_FOR);
	}
	host_advance_ms(1000);
	for (uint32_t i = 0; i < 4; i++) {
		TEST_CHECK(!host_continue(apps[i]).returned);
		TEST_EQUAL(host_terminate(apps[i]), E_OK);
	}
}

/* The first wait for a driver that the process has not used: its grant comes into being. */
HOST_TEST(yield_wait_for_is_the_first_use_of_a_driver)
{
	struct host_app *app = one_process();

	TEST_CHECK(!host_yield_for(app, DRIVER_BUTTON, 0).returned);
	TEST_EQUAL(host_info(app).grants_used, 1);
}

HOST_TEST(an_upcall_needs_room_on_the_stack)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.upcalls_need_stack = true});
	host_probe.command = schedule;
	app = host_script_add("deep");
	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	queue(app, 0, 1);
	TEST_CHECK(host_yield(app).upcall);
	host_set_sp(app, host_ram(app, 31));
	queue(app, 0, 1);
	TEST_CHECK(!host_yield(app).returned);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
}

HOST_TEST(an_awaited_event_needs_the_stack_too)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.upcalls_need_stack = true});
	app = host_script_add("deep");
	host_set_sp(app, host_info(app).ram_end + 64);
	host_command(app, DRIVER_ALARM, 5, 100, 0);
	host_yield_for(app, DRIVER_ALARM, 0);
	host_advance_us(100);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
}

/* What the report asked for is done before the new life has the processor. */
HOST_TEST(a_fault_while_waking_is_told_at_once)
{
	const struct process_policy policy = {.fault = FAULT_RESTART, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.upcalls_need_stack = true, .policy = policy});
	app = host_script_add("deep");
	host_set_sp(app, host_info(app).ram_end + 64);
	host_command(app, DRIVER_ALARM, 5, 100, 0);
	host_yield_for(app, DRIVER_ALARM, 0);
	host_advance_us(100);
	TEST_EQUAL(host_info(app).restarts, 1);
	TEST_EQUAL(host_state(app), PROCESS_RUNNING);
	TEST_CHECK(strstr(host_log(), "its stack is not its own memory") != NULL);
}

HOST_TEST(a_fault_in_yield_no_wait_leaves_the_flag_alone)
{
	struct host_app *app;
	const uint8_t before = 0x55;

	host_board_start(&(struct host_config){.upcalls_need_stack = true});
	host_probe.command = schedule;
	app = host_script_add("deep");
	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	host_poke(app, host_ram(app, 0), &before, 1);
	host_set_sp(app, 0);
	queue(app, 0, 1);
	TEST_CHECK(!host_yield_no_wait(app, host_ram(app, 0)).returned);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_EQUAL(host_counters.pokes_refused, 1);
}

static syscall_result pending(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER_EXISTING(entry, &host_probe.driver, process);
	(void)number;
	return syscall_success_u32(entry != NULL && upcall_pending(entry, argument[0]));
}

HOST_TEST(a_capsule_sees_what_is_pending)
{
	struct host_app *app = one_process();

	queue(app, 2, 0);
	queue(app, 0, 0);
	host_probe.command = pending;
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 0, 0).r[1], 1);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 1, 0).r[1], 0);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 2, 0).r[1], 1);
}

HOST_TEST(an_event_that_is_not_awaited_wakes_nobody)
{
	struct host_app *app = one_process();

	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 0);
	host_command(app, DRIVER_ALARM, 5, 100, 0);
	TEST_CHECK(!host_yield_for(app, HOST_PROBE_DRIVER, 2).returned);
	host_advance_us(200);
	TEST_CHECK(!host_continue(app).returned);
	TEST_EQUAL(host_state(app), PROCESS_YIELDED_FOR);
	TEST_EQUAL(host_info(app).upcalls_pending, 1);
}

HOST_TEST(what_is_pending_for_another_driver_does_not_count)
{
	struct host_app *app = one_process();

	host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0x100), 0);
	host_command(app, DRIVER_ALARM, 5, 0, 0); /* due at once */
	host_probe.command = pending;
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 0, 0).r[1], 0);
}
