/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Applications that misbehave: each is stopped, and the report says why. */
#include "arch_host.h"
#include "host/host.h"

#include <string.h>

static struct host_app *ends_as(const char *name, enum process_state state)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_app_add(name);
	host_run_until(host_in_state(app, state));
	return app;
}

static bool logged(const char *text)
{
	return strstr(host_log(), text) != NULL;
}

static bool printed(const char *text)
{
	return strstr(host_console(), text) != NULL;
}

HOST_TEST(reading_the_grants_is_a_fault)
{
	struct host_app *app = ends_as("fault", PROCESS_FAULTED);

	TEST_EQUAL(host_process(app)->fault.cause, ARCH_FAULT_MEMORY);
	TEST_EQUAL(host_process(app)->fault.address, host_info(app).ram_end - 4);
	TEST_CHECK(logged("is the kernel's part of its RAM"));
	TEST_CHECK(!printed("there is no isolation"));
}

HOST_TEST(a_stack_overflow_is_told_as_such)
{
	ends_as("stack_overflow", PROCESS_FAULTED);
	TEST_CHECK(logged("its stack overflowed: give it more (APP_STACK_SIZE)"));
	TEST_CHECK(!printed("nothing stopped it"));
}

HOST_TEST(jumping_away_is_a_fault)
{
	struct host_app *app = ends_as("null_jump", PROCESS_FAULTED);

	TEST_EQUAL(host_process(app)->fault.pc, host_info(app).ram_end);
	TEST_CHECK(!printed("came back"));
}

HOST_TEST(an_unknown_class_is_a_fault)
{
	ends_as("bad_class", PROCESS_FAULTED);
	TEST_CHECK(logged("it made a system call of an unknown class"));
	TEST_CHECK(!printed("came back"));
}

HOST_TEST(writing_flash_is_a_fault)
{
	ends_as("write_flash", PROCESS_FAULTED);
	TEST_CHECK(logged("is its own flash"));
	TEST_CHECK(!printed("came back"));
}

HOST_TEST(footers_are_read_and_not_executed)
{
	struct host_app *app;
	uint32_t footers;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){.name = "one", .footers = 512});
	footers = host_flash(app, 4096 - 512);
	TEST_EQUAL(host_subscribe(app, DRIVER_ALARM, 0, footers - 2, 0).r[0],
		   SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(host_subscribe(app, DRIVER_ALARM, 0, footers - 1, 0).r[1], E_INVAL);
	TEST_EQUAL(host_subscribe(app, DRIVER_ALARM, 0, footers, 0).r[1], E_INVAL);
	TEST_EQUAL(host_allow_ro(app, DRIVER_CONSOLE, 1, footers, 512).r[0], SYSCALL_SUCCESS_2_U32);
	host_touch(app, footers);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_CHECK(logged("is its own footers"));
}

HOST_TEST(a_failed_assertion_says_where)
{
	struct host_app *app = ends_as("assert_fails", PROCESS_TERMINATED);

	TEST_EQUAL(host_info(app).completion_code, 134);
	TEST_CHECK(printed("assertion \"three == 4\" failed: file \""));
}

HOST_TEST(touching_a_lent_buffer_ends_the_process)
{
	struct host_app *app = ends_as("owned_misuse", PROCESS_TERMINATED);

	TEST_EQUAL(host_info(app).completion_code, 134);
	TEST_CHECK(!printed("came back"));
}

/* All at once: none disturbs the others. */
HOST_TEST(misbehaviour_stays_with_its_process)
{
	const char *const names[] = {"fault", "stack_overflow", "null_jump", "bad_class",
				     "write_flash"};
	struct host_app *apps[5], *bystander;

	host_board_start(NULL);
	for (unsigned int i = 0; i < 5; i++)
		apps[i] = host_app_add(names[i]);
	bystander = host_script_add("bystander");
	host_run();
	for (unsigned int i = 0; i < 5; i++)
		TEST_EQUAL(host_state(apps[i]), PROCESS_FAULTED);
	TEST_EQUAL(host_command(bystander, DRIVER_LED, 0, 0, 0).r[1], 4);
}

HOST_TEST(a_faulting_application_is_restarted)
{
	const struct process_policy policy = {
		.fault = FAULT_RESTART, .restart_limit = 3, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_app_add("fault");
	host_run_until(host_in_state(app, PROCESS_FAULTED));
	TEST_EQUAL(host_info(app).restarts, 3);
	TEST_EQUAL(
		host_calls(app, SYSCALL_MEMOP, MEMOP_STACK_TOP, host_info(app).ram_start + 0x20000),
		4);
}
