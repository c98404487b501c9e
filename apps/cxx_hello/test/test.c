/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

static const char before_the_timer[] = "cxx_hello: made before main()\n"
				       "cxx_hello: sum 42\n"
				       "cxx_hello: even\n"
				       "cxx_hello: 0 gone\n"
				       "cxx_hello: odd\n"
				       "cxx_hello: 1 gone\n";

static const char all[] = "cxx_hello: made before main()\n"
			  "cxx_hello: sum 42\n"
			  "cxx_hello: even\n"
			  "cxx_hello: 0 gone\n"
			  "cxx_hello: odd\n"
			  "cxx_hello: 1 gone\n"
			  "cxx_hello: fired\n"
			  "cxx_hello: 99 gone\n";

HOST_TEST(constructors_virtual_functions_and_new_work)
{
	struct host_app *hello;

	host_board_start(NULL);
	hello = host_app_add("cxx_hello");
	host_advance_ms(19);
	TEST_TEXT(host_console(), before_the_timer);
	TEST_EQUAL(host_state(hello), PROCESS_YIELDED);
	host_advance_ms(1);
	TEST_TEXT(host_console(), all);
	TEST_EQUAL(host_state(hello), PROCESS_TERMINATED);
	TEST_EQUAL(host_info(hello).completion_code, 0);
}

/* Objects with static storage are made anew in each life. */
HOST_TEST(a_second_life_begins_like_the_first)
{
	struct host_app *hello;

	host_board_start(NULL);
	hello = host_app_add("cxx_hello");
	host_run_until(host_in_state(hello, PROCESS_TERMINATED));
	host_console_clear();
	TEST_EQUAL(host_boot(hello), E_OK);
	host_run_until(host_in_state(hello, PROCESS_TERMINATED));
	TEST_TEXT(host_console(), all);
}

/* The timer's destructor and those of static objects run on this path too. */
HOST_TEST(ends_in_order_without_an_alarm)
{
	struct host_app *hello;

	host_board_start(NULL);
	hello = host_app_add("cxx_hello");
	host_fail_command(DRIVER_ALARM, 1, E_NODEVICE, 1);
	host_run_until(host_in_state(hello, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(hello).completion_code, 1);
	host_run_until(host_console_saw("cxx_hello: 1 gone\ncxx_hello: 99 gone\n"));
}
