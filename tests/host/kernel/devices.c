/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Capsules on the real kernel, with devices that work and devices that fail. */
#include "host/host.h"

#include <string.h>

enum { WRITTEN = 1, READ = 2 };

static struct host_app *one_process(void)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_memop(app, MEMOP_BRK, host_ram(app, 4096));
	return app;
}

static struct host_return write(struct host_app *app, const char *text)
{
	uint32_t length = (uint32_t)strlen(text);

	host_poke(app, host_ram(app, 0), text, length);
	host_allow_ro(app, DRIVER_CONSOLE, 1, host_ram(app, 0), length);
	return host_command(app, DRIVER_CONSOLE, 1, length, 0);
}

HOST_TEST(console_writes)
{
	struct host_app *app = one_process();
	struct host_return result;

	TEST_EQUAL(write(app, "some text").r[0], SYSCALL_SUCCESS);
	result = host_yield_for(app, DRIVER_CONSOLE, WRITTEN);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], 9);
	TEST_EQUAL(result.r[1], 9);
	TEST_TEXT(host_console(), "some text");
}

HOST_TEST(console_takes_turns_by_lines)
{
	struct host_app *one, *two;
	char lines[300];

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	memset(lines, '1', sizeof(lines));
	lines[149] = '\n';
	lines[298] = '\n';
	lines[299] = '\0';
	host_memop(one, MEMOP_BRK, host_ram(one, 4096));
	host_memop(two, MEMOP_BRK, host_ram(two, 4096));
	write(one, lines);
	write(two, "2222\n");
	TEST_CHECK(host_yield_for(one, DRIVER_CONSOLE, WRITTEN).returned);
	TEST_CHECK(host_yield_for(two, DRIVER_CONSOLE, WRITTEN).returned);
	TEST_EQUAL(strlen(host_console()), 304);
	TEST_CHECK(strstr(host_console(), "\n2222\n") != NULL);
}

HOST_TEST(a_serial_port_that_refuses_to_send)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_fail(HOST_FAIL_TRANSMIT, E_FAIL, 0, 1);
	write(app, "lost");
	result = host_yield_for(app, DRIVER_CONSOLE, WRITTEN);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], 0);
	write(app, "sent");
	TEST_EQUAL(host_yield_for(app, DRIVER_CONSOLE, WRITTEN).r[0], 4);
	TEST_TEXT(host_console(), "sent");
}

HOST_TEST(a_serial_port_that_fails_on_the_way)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_fail(HOST_FAIL_TRANSMITTED, E_FAIL, 0, 1);
	write(app, "half of it");
	result = host_yield_for(app, DRIVER_CONSOLE, WRITTEN);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], 5);
	TEST_TEXT(host_console(), "half ");
}

HOST_TEST(console_reads)
{
	struct host_app *app = one_process();
	struct host_return result;
	char bytes[4];

	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 2, 3, 0).r[1], E_BUSY); /* no buffer */
	host_allow_rw(app, DRIVER_CONSOLE, 1, host_ram(app, 100), 3);
	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 2, 0, 0).r[1], E_SIZE);
	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 2, 3, 0).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 2, 3, 0).r[1], E_BUSY);
	TEST_CHECK(!host_yield_for(app, DRIVER_CONSOLE, READ).returned);
	host_type("ab");
	TEST_CHECK(!host_continue(app).returned);
	host_type("cd");
	result = host_continue(app);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], E_OK);
	TEST_EQUAL(result.r[1], 3);
	host_peek(app, host_ram(app, 100), bytes, 3);
	TEST_CHECK(memcmp(bytes, "abc", 3) == 0);
}

HOST_TEST(reads_end_by_errors_and_on_request)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_allow_rw(app, DRIVER_CONSOLE, 1, host_ram(app, 100), 3);
	host_command(app, DRIVER_CONSOLE, 2, 3, 0);
	host_command(app, DRIVER_CONSOLE, 3, 0, 0);
	TEST_EQUAL(host_yield_for(app, DRIVER_CONSOLE, READ).r[0], E_CANCEL);
	host_command(app, DRIVER_CONSOLE, 2, 3, 0);
	host_fail(HOST_FAIL_RECEIVED, E_FAIL, 0, 1);
	host_type("x");
	result = host_yield_for(app, DRIVER_CONSOLE, READ);
	TEST_EQUAL(result.r[0], E_FAIL);

	/* The buffer is taken back while a read is under way. */
	host_command(app, DRIVER_CONSOLE, 2, 3, 0);
	host_allow_rw(app, DRIVER_CONSOLE, 1, 0, 0);
	host_type("y");
	TEST_EQUAL(host_yield_for(app, DRIVER_CONSOLE, READ).r[0], E_NOMEM);
}

HOST_TEST(alarms_over_the_wrap_of_the_counter)
{
	struct host_app *app = one_process();
	uint32_t now;

	/* 2^32 us are 4294 s. */
	host_advance_ms(4294960);
	now = host_command(app, DRIVER_ALARM, 2, 0, 0).r[1];
	TEST_EQUAL(now, 4294960000);
	TEST_EQUAL(host_command(app, DRIVER_ALARM, 6, now, 20000000).r[0], SYSCALL_SUCCESS_U32);
	TEST_CHECK(!host_yield_for(app, DRIVER_ALARM, 0).returned);
	host_advance_ms(19999);
	TEST_CHECK(!host_continue(app).returned);
	host_advance_ms(1);
	TEST_EQUAL(host_continue(app).r[0], (uint32_t)(4294960000 + 20000000));
}

HOST_TEST(the_longest_alarm)
{
	struct host_app *app = one_process();

	host_command(app, DRIVER_ALARM, 5, UINT32_MAX, 0);
	TEST_CHECK(!host_yield_for(app, DRIVER_ALARM, 0).returned);
	host_advance_us(UINT32_MAX - 1u);
	TEST_CHECK(!host_continue(app).returned);
	host_advance_us(1);
	TEST_CHECK(host_continue(app).returned);
}

/* The other process's alarm is not disturbed by one that ends. */
HOST_TEST(the_alarm_of_a_dead_process_is_gone)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_command(one, DRIVER_ALARM, 5, 100, 0);
	host_command(two, DRIVER_ALARM, 5, 200, 0);
	host_terminate(one);
	TEST_CHECK(!host_yield_for(two, DRIVER_ALARM, 0).returned);
	host_advance_us(200);
	TEST_CHECK(host_continue(two).returned);
}

HOST_TEST(random_numbers_come_in_turns)
{
	struct host_app *one, *two;
	uint8_t first[100], second[100];

	host_board_start(&(struct host_config){.seed = 5});
	one = host_script_add("one");
	two = host_script_add("two");
	host_memop(one, MEMOP_BRK, host_ram(one, 4096));
	host_memop(two, MEMOP_BRK, host_ram(two, 4096));
	host_allow_rw(one, DRIVER_RNG, 0, host_ram(one, 0), 100);
	host_allow_rw(two, DRIVER_RNG, 0, host_ram(two, 0), 100);
	host_command(one, DRIVER_RNG, 1, 100, 0);
	host_command(two, DRIVER_RNG, 1, 100, 0);
	TEST_EQUAL(host_yield_for(one, DRIVER_RNG, 0).r[1], 100);
	TEST_EQUAL(host_yield_for(two, DRIVER_RNG, 0).r[1], 100);
	host_peek(one, host_ram(one, 0), first, 100);
	host_peek(two, host_ram(two, 0), second, 100);
	TEST_CHECK(memcmp(first, second, 100) != 0);
	host_fail(HOST_FAIL_GATHER, E_OFF, 0, 1);
	TEST_EQUAL(host_command(one, DRIVER_RNG, 1, 100, 0).r[1], E_OFF);
	host_fail(HOST_FAIL_GATHERED, E_FAIL, 0, 1);
	host_command(one, DRIVER_RNG, 1, 100, 0);
	TEST_EQUAL(host_yield_for(one, DRIVER_RNG, 0).r[0], E_FAIL);
}

HOST_TEST(buttons_tell_only_who_asked)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_subscribe(one, DRIVER_BUTTON, 0, host_flash(one, 0x100), 0);
	host_subscribe(two, DRIVER_BUTTON, 0, host_flash(two, 0x100), 0);
	host_command(one, DRIVER_BUTTON, 1, 2, 0);
	TEST_CHECK(!host_yield(one).returned);
	TEST_CHECK(!host_yield(two).returned);
	host_button_press(1);
	TEST_CHECK(!host_continue(one).returned);
	host_button_press(2);
	TEST_CHECK(host_continue(one).upcall);
	TEST_CHECK(!host_continue(two).returned);
	TEST_EQUAL(host_command(one, DRIVER_BUTTON, 3, 2, 0).r[1], 1);
	host_button_release(2);
	TEST_EQUAL(host_command(one, DRIVER_BUTTON, 3, 2, 0).r[1], 0);
}

HOST_TEST(low_level_debug_names_the_process)
{
	struct host_app *app = one_process();

	TEST_EQUAL(host_command(app, DRIVER_LOW_LEVEL_DEBUG, 0, 0, 0).r[0], SYSCALL_SUCCESS);
	host_command(app, DRIVER_LOW_LEVEL_DEBUG, 1, 2, 0);
	host_command(app, DRIVER_LOW_LEVEL_DEBUG, 3, 0x10, 0x20);
	host_run();
	TEST_CHECK(strstr(host_log(), "LowLevelDebug: App 0x0 alert code 0x2") != NULL);
	TEST_CHECK(strstr(host_log(), "LowLevelDebug: App 0x0 prints 0x10 0x20") != NULL);
}

/* ---- the kernel's log ---- */

HOST_TEST(a_flooded_log_tells_how_much_was_lost)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("noisy");
	host_command(app, DRIVER_LED, 0, 0, 0);
	host_fail(HOST_FAIL_TRANSMIT, E_BUSY, 0, 60);
	for (unsigned int i = 0; i < 60; i++)
		host_command(app, DRIVER_LOW_LEVEL_DEBUG, 3, i, i);
	host_command(app, DRIVER_LOW_LEVEL_DEBUG, 1, 0, 0);
	host_run();
	TEST_CHECK(strstr(host_log(), "bytes of kernel messages lost]") != NULL);
}

/* ---- the operator's console ---- */

static void say(const char *command, const char *expected)
{
	host_console_clear();
	host_type(command);
	host_type("\r");
	host_run();
	TEST_CHECK(strstr(host_console(), expected) != NULL);
}

HOST_TEST(an_operator_steers_processes)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.process_console = true, .log_on_console = true});
	app = host_script_add("worker");
	host_run();
	TEST_CHECK(strstr(host_console(), "detent$ ") != NULL);
	say("list", "worker");
	say("stop worker", "");
	TEST_EQUAL(host_state(app), PROCESS_STOPPED);
	say("start worker", "");
	TEST_EQUAL(host_state(app), PROCESS_RUNNING);
	say("fault worker", "an operator made it fault");
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	say("terminate worker", "");
	TEST_EQUAL(host_state(app), PROCESS_TERMINATED);
	say("boot worker", "");
	TEST_EQUAL(host_state(app), PROCESS_RUNNING);
	say("process worker", "worker");
	say("status", "");
	say("kernel", "host");
	say("button 1 press", "button 1: press");
	say("led", "LED 0: off");
	say("nonsense", "nonsense");
	host_type("panic\r");
	TEST_EQUAL(host_run_to_end(), 70);
}

HOST_TEST(an_operator_resets)
{
	uint32_t status;

	host_board_start(&(struct host_config){.process_console = true});
	host_type("reset\r");
	TEST_EQUAL(host_run_to_end(), 0);
	TEST_CHECK(host_ended(&status));
}
