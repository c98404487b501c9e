/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

static uint32_t shown(void)
{
	uint32_t number = 0;

	for (uint32_t led = 0; led < 4; led++)
		number |= (uint32_t)host_led(led) << led;
	return number;
}

HOST_TEST(counts_in_binary_twice_a_second)
{
	host_board_start(NULL);
	host_app_add("blink");
	host_run();
	for (uint32_t number = 0; number < 40; number++) {
		TEST_EQUAL(shown(), number % 16);
		host_advance_ms(500);
	}
}

HOST_TEST(switches_only_leds_that_are_there)
{
	struct host_app *blink;

	host_board_start(&(struct host_config){.leds = 2});
	blink = host_app_add("blink");
	host_advance_ms(2000);
	TEST_EQUAL(shown(), 0);
	TEST_EQUAL(host_calls(blink, SYSCALL_COMMAND, DRIVER_LED, 1) +
			   host_calls(blink, SYSCALL_COMMAND, DRIVER_LED, 2),
		   10);
}

HOST_TEST(ends_without_leds)
{
	struct host_app *blink;

	host_board_start(NULL);
	blink = host_app_add("blink");
	host_fail_command(DRIVER_LED, 0, E_NODEVICE, 1);
	host_run_until(host_in_state(blink, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(blink).completion_code, 1);
}

HOST_TEST(ends_without_an_alarm)
{
	struct host_app *blink;

	host_board_start(NULL);
	blink = host_app_add("blink");
	host_fail_command(DRIVER_ALARM, 1, E_NODEVICE, 1);
	host_run_until(host_in_state(blink, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(blink).completion_code, 1);
}
