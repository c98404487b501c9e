/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <string.h>

HOST_TEST(ticks_and_rings_once)
{
	host_board_start(NULL);
	host_app_add("alarm_clock");
	host_run_until(host_console_saw("alarm_clock: set\n"));
	TEST_EQUAL(host_now_us(), 0);
	host_advance_ms(999);
	TEST_CHECK(strstr(host_console(), "1 s") == NULL);
	host_advance_ms(1);
	TEST_CHECK(strstr(host_console(), "alarm_clock: 1 s\n") != NULL);
	host_run_until(host_console_saw("alarm_clock: ring! (after 5 ticks)\n"));
	TEST_EQUAL(host_now_us(), 5500000);
	host_run_until(host_console_saw("alarm_clock: 6 s\n"));
	TEST_EQUAL(host_now_us(), 6000000);
	host_console_clear();
	host_advance_ms(60000);
	TEST_CHECK(strstr(host_console(), "ring") == NULL);
	TEST_CHECK(strstr(host_console(), "alarm_clock: 66 s\n") != NULL);
}

/* A counter that wraps after 429 s, as on the rv32 boards. */
HOST_TEST(keeps_time_over_the_wrap_of_the_counter)
{
	host_board_start(&(struct host_config){.alarm_hz = 10000000});
	host_app_add("alarm_clock");
	host_run_until(host_console_saw("alarm_clock: 1000 s\n"));
	TEST_EQUAL(host_now_us(), 1000000000);
}

HOST_TEST(says_that_there_is_no_alarm)
{
	struct host_app *clock;

	host_board_start(NULL);
	clock = host_app_add("alarm_clock");
	host_fail_command(DRIVER_ALARM, 1, E_NODEVICE, 1);
	host_run_until(host_in_state(clock, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(clock).completion_code, 1);
	TEST_TEXT(host_console(), "alarm_clock: no timer: no such driver\n");
}
