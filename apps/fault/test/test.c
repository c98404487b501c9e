/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <string.h>

HOST_TEST(is_stopped_before_it_reads_anything)
{
	struct host_app *fault, *other;

	host_board_start(NULL);
	fault = host_app_add("fault");
	other = host_script_add("other");
	host_run_until(host_in_state(fault, PROCESS_FAULTED));
	TEST_CHECK(strstr(host_console(), "fault: reading the kernel's memory at 0x") != NULL);
	TEST_CHECK(strstr(host_console(), "no isolation") == NULL);
	/* The others do not notice. */
	TEST_EQUAL(host_command(other, DRIVER_ALARM, 2, 0, 0).r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(host_state(other), PROCESS_RUNNING);
}

/* What the board does with a process that faults is its policy. */
HOST_TEST(a_board_can_restart_it)
{
	struct host_app *fault;
	const struct process_policy policy = {
		.timeslice_us = 10000, .fault = FAULT_RESTART, .restart_limit = 2};

	host_board_start(&(struct host_config){.policy = policy});
	fault = host_app_add("fault");
	host_run_until(host_in_state(fault, PROCESS_FAULTED));
	TEST_EQUAL(host_info(fault).restarts, 2);
}

/* Without a console it says nothing, and is stopped all the same. */
HOST_TEST(is_stopped_without_a_console)
{
	struct host_app *fault;

	host_board_start(NULL);
	fault = host_app_add("fault");
	host_fail_command(DRIVER_CONSOLE, 1, E_OFF, UINT32_MAX);
	host_run_until(host_in_state(fault, PROCESS_FAULTED));
	TEST_TEXT(host_console(), "");
}
