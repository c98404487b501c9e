/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

HOST_TEST(every_button_works_its_led)
{
	host_board_start(NULL);
	host_app_add("buttons");
	host_run_until(host_console_saw("buttons: watching 4\n"));
	for (uint32_t button = 0; button < 4; button++) {
		TEST_CHECK(!host_led(button));
		host_button_press(button);
		TEST_CHECK(host_led(button));
		host_button_release(button);
		TEST_CHECK(host_led(button));
		host_button_press(button);
		TEST_CHECK(!host_led(button));
		host_button_release(button);
	}
	host_run_until(host_console_saw("buttons: 3 pressed\nbuttons: 3 released\n"));
}

HOST_TEST(fast_presses_are_all_told)
{
	host_board_start(NULL);
	host_app_add("buttons");
	host_run_until(host_console_saw("watching"));
	host_button_press(0);
	host_button_press(1);
	host_button_release(0);
	host_run_until(
		host_console_saw("buttons: 0 pressed\nbuttons: 1 pressed\nbuttons: 0 released\n"));
	TEST_CHECK(host_led(0) && host_led(1));
}

HOST_TEST(says_that_there_are_no_buttons)
{
	struct host_app *buttons;
	static const struct driver_permission console[] = {{DRIVER_CONSOLE, UINT64_MAX}};
	const struct process_policy policy = {
		.timeslice_us = 10000, .permissions = console, .permission_count = 1};

	host_board_start(&(struct host_config){.policy = policy});
	buttons = host_app_add("buttons");
	host_run_until(host_in_state(buttons, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), "buttons: no such driver\n");
	TEST_EQUAL(host_info(buttons).completion_code, 1);
}
