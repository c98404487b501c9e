/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Lives of processes: ends, restarts, handles, operators, policies, permissions. */
#include "host/host.h"
#include "host/probe.h"

#include <stdio.h>
#include <string.h>

static struct process_id kept;

static syscall_result keep_id(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)number;
	(void)argument;
	GRANT_ENTER(entry, &host_probe.driver, process);
	kept = process;
	return syscall_from_error(entry == NULL ? E_NOMEM : E_OK);
}

static bool can_enter(struct process_id process)
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	return entry != NULL;
}

HOST_TEST(a_restart_makes_handles_stale)
{
	struct host_app *app;
	struct process_id first;

	host_board_start(NULL);
	host_probe.command = keep_id;
	app = host_script_add("one");
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
	first = kept;
	TEST_CHECK(can_enter(first));
	TEST_CHECK(host_call(app, SYSCALL_EXIT, EXIT_RESTART, 7, 0, 0).returned);
	TEST_EQUAL(host_info(app).restarts, 1);
	TEST_EQUAL(host_info(app).completion_code, 7);
	TEST_CHECK(!can_enter(first));
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_CHECK(!process_id_equal(first, kept));
	TEST_CHECK(can_enter(kept));
	TEST_CHECK(!can_enter(process_id_none()));
	TEST_CHECK(!can_enter((struct process_id){kept.raw | 0xFF}));
	host_call(app, SYSCALL_EXIT, EXIT_TERMINATE, 0, 0, 0);
	TEST_CHECK(!can_enter(kept));
}

HOST_TEST(a_restart_begins_with_clean_memory)
{
	struct host_app *app;
	uint32_t ram;
	uint8_t bytes[4] = {9, 9, 9, 9};

	host_board_start(NULL);
	app = host_script_add("one");
	ram = host_ram(app, 0);
	host_memop(app, MEMOP_BRK, ram + 4096);
	host_poke(app, ram, bytes, 4);
	host_poke(app, ram + 4000, bytes, 4);
	host_command(app, DRIVER_ALARM, 5, 10, 0);
	TEST_CHECK(host_call(app, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0).returned);
	host_peek(app, ram, bytes, 4);
	TEST_EQUAL(bytes[0], 0);
	host_memop(app, MEMOP_BRK, ram + 4096);
	host_peek(app, ram + 4000, bytes, 4);
	TEST_EQUAL(bytes[0], 0);

	/* The alarm of the former life is gone with its grant. */
	TEST_CHECK(!host_yield(app).returned);
	host_advance_ms(1);
	TEST_EQUAL(host_state(app), PROCESS_YIELDED);
	TEST_EQUAL(host_info(app).upcalls_pending, 0);
}

HOST_TEST(handles_of_a_slot_run_out)
{
	struct host_app *app;
	struct process *process;

	host_board_start(NULL);
	app = host_script_add("old");
	process = &board.processes[host_process(app) - board.processes];
	process->id.raw |= 0xFFFFFF00;
	TEST_CHECK(!host_call(app, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_TERMINATED);
	TEST_CHECK(strstr(host_log(), "its handles are used up") != NULL);
	TEST_EQUAL(host_boot(app), E_FAIL);
}

HOST_TEST(a_stopped_process_goes_on_where_it_was)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_command(app, DRIVER_LED, 1, 0, 0);
	TEST_EQUAL(host_stop(app), E_OK);
	TEST_EQUAL(host_state(app), PROCESS_STOPPED);
	TEST_EQUAL(host_stop(app), E_ALREADY);
	TEST_CHECK(!host_continue(app).returned);
	TEST_EQUAL(host_resume(app), E_OK);
	TEST_EQUAL(host_resume(app), E_ALREADY);
	TEST_EQUAL(host_command(app, DRIVER_LED, 4, 0, 0).r[1], 1);
}

HOST_TEST(events_wait_for_a_stopped_process)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_subscribe(app, DRIVER_ALARM, 0, host_flash(app, 0x100), 3);
	host_command(app, DRIVER_ALARM, 5, 100, 0);
	TEST_CHECK(!host_yield(app).returned);
	host_stop(app);
	host_advance_us(200);
	TEST_EQUAL(host_state(app), PROCESS_STOPPED);
	TEST_EQUAL(host_info(app).upcalls_pending, 1);
	host_resume(app);
	TEST_CHECK(host_continue(app).upcall);
}

HOST_TEST(an_awaited_event_wakes_a_process_that_was_stopped)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_command(app, DRIVER_ALARM, 5, 100, 0);
	host_yield_for(app, DRIVER_ALARM, 0);
	host_stop(app);
	host_advance_us(200);
	host_resume(app);
	TEST_CHECK(host_continue(app).returned);
	TEST_EQUAL(host_terminate(app), E_OK);
}

HOST_TEST(ends_and_boots)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	TEST_EQUAL(host_boot(app), E_ALREADY);
	TEST_EQUAL(host_terminate(app), E_OK);
	TEST_EQUAL(host_terminate(app), E_ALREADY);
	TEST_EQUAL(host_stop(app), E_ALREADY);
	TEST_EQUAL(host_resume(app), E_ALREADY);
	TEST_EQUAL(host_fault_it(app), E_ALREADY);
	TEST_EQUAL(host_boot(app), E_OK);
	TEST_EQUAL(host_command(app, DRIVER_LED, 0, 0, 0).r[1], 4);
	TEST_EQUAL(host_fault_it(app), E_OK);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_EQUAL(host_terminate(app), E_OK);
}

/* What keeps versions sets and clears `waits`: kernel/src/checked/admission.c. */
HOST_TEST(no_operator_starts_what_waits)
{
	struct host_app *app;
	struct process *process;

	host_board_start(NULL);
	app = host_script_add("waits");
	host_run();
	process = &board.processes[process_id_slot(host_process(app)->id)];
	process->waits = true;
	host_call(app, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	TEST_EQUAL(host_state(app), PROCESS_STOPPED);
	TEST_EQUAL(process_resume(&host_admin, process->id), E_BUSY);
	TEST_EQUAL(host_terminate(app), E_OK);
	TEST_EQUAL(host_boot(app), E_OK);
	TEST_EQUAL(host_state(app), PROCESS_STOPPED);
	process->waits = false;
	TEST_EQUAL(process_resume(&host_admin, process->id), E_OK);
	TEST_EQUAL(host_command(app, DRIVER_LED, 0, 0, 0).r[1], 4);
}

HOST_TEST(one_application_has_one_process)
{
	struct host_app *older, *newer;

	host_board_start(NULL);
	older = host_script_add_image(&(struct host_image_options){.name = "old", .short_id = 42});
	newer = host_script_add_image(&(struct host_image_options){.name = "new", .short_id = 42});
	host_run();
	TEST_EQUAL(host_terminate(older), E_OK);
	TEST_EQUAL(host_boot(older), E_BUSY);
	TEST_EQUAL(host_terminate(newer), E_OK);
	TEST_EQUAL(host_boot(older), E_OK);
	TEST_EQUAL(host_boot(newer), E_BUSY);
}

HOST_TEST(stale_handles_are_refused_to_operators)
{
	const struct process_id stale[] = {{0}, {0x100 | 200}, {0x7FFFFF00}, {0x100 | 7}};
	char name[8];

	host_board_start(NULL);
	host_script_add("one");
	host_run();
	for (unsigned int i = 0; i < 4; i++) {
		TEST_EQUAL(process_stop(&host_admin, stale[i]), E_NODEVICE);
		TEST_EQUAL(process_resume(&host_admin, stale[i]), E_NODEVICE);
		TEST_EQUAL(process_terminate(&host_admin, stale[i]), E_NODEVICE);
		TEST_EQUAL(process_boot(&host_admin, stale[i]), E_NODEVICE);
		TEST_EQUAL(process_fault(&host_admin, stale[i]), E_NODEVICE);
		TEST_EQUAL(process_name(&host_admin, stale[i], name, sizeof(name)), 0);
		TEST_TEXT(name, "");
	}
}

HOST_TEST(names_are_cut_and_printable)
{
	struct host_app *app;
	struct process_info info;
	char name[8];

	host_board_start(NULL);
	app = host_script_add("a\tlong\x7fname");
	info = host_info(app);
	TEST_EQUAL(process_name(&host_admin, info.id, name, sizeof(name)), 7);
	TEST_TEXT(name, "a?long?");
	TEST_EQUAL(process_slots(&host_admin), 8);
	TEST_CHECK(!process_inspect(&host_admin, 5, &info));
	TEST_CHECK(!process_inspect(&host_admin, 99, &info));
}

/* The slot and the RAM of an ended process go to another; it can then not come back. */
HOST_TEST(the_ram_of_the_dead_goes_to_others)
{
	struct host_app *first, *second;

	host_board_start(NULL);
	first = host_script_add_image(
		&(struct host_image_options){.name = "first", .min_ram = 0xA00000});
	second = host_script_add_image(
		&(struct host_image_options){.name = "second", .min_ram = 0xA00000});
	host_run();
	TEST_CHECK(host_process(second) == NULL);
	TEST_CHECK(strstr(host_log(), "app second at") != NULL);
	TEST_CHECK(strstr(host_log(), "the largest gap has") != NULL);
	host_terminate(first);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(host_process(second) != NULL);
	TEST_EQUAL(host_state(second), PROCESS_RUNNING);
	TEST_EQUAL(host_boot(first), E_NOMEM);
	TEST_EQUAL(host_terminate(second), E_OK);
	TEST_EQUAL(host_boot(first), E_OK);
}

HOST_TEST(slots_of_the_dead_are_reused)
{
	struct host_app *first, *second;

	host_board_start(&(struct host_config){.process_slots = 1});
	first = host_script_add("first");
	second = host_script_add("second");
	host_run();
	TEST_CHECK(host_process(second) == NULL);
	TEST_CHECK(strstr(host_log(), "all 1 process slots are taken") != NULL);
	host_terminate(first);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(host_process(second) != NULL);
	TEST_EQUAL(host_command(second, DRIVER_LED, 0, 0, 0).r[1], 4);
}

/* A load that is refused takes nothing from whom it would have replaced. */
HOST_TEST(a_refused_load_keeps_the_dead)
{
	struct host_app *first, *second;

	host_board_start(&(struct host_config){.process_slots = 1});
	first = host_script_add("first");
	second = host_script_add_image(
		&(struct host_image_options){.name = "second", .min_ram = 0x40000000});
	host_run();
	host_terminate(first);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(strstr(host_log(), "app second at") != NULL);
	TEST_CHECK(host_process(second) == NULL);
	TEST_EQUAL(host_boot(first), E_OK);
	TEST_EQUAL(host_command(first, DRIVER_LED, 0, 0, 0).r[1], 4);
}

HOST_TEST(a_retired_slot_is_passed_over)
{
	struct host_app *first, *second, *third;

	host_board_start(&(struct host_config){.process_slots = 2});
	first = host_script_add("first");
	second = host_script_add("second");
	third = host_script_add("third");
	host_run();
	host_terminate(first);
	host_terminate(second);
	board.processes[0].id.raw |= 0xFFFFFF00;
	TEST_EQUAL(host_boot(first), E_FAIL);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(host_process(third) == &board.processes[1]);
}

/* ---- policies ---- */

HOST_TEST(a_fault_stops_one_process)
{
	struct host_app *bad, *good;

	host_board_start(NULL);
	bad = host_script_add("bad");
	good = host_script_add("good");
	host_touch(bad, 0x30000000);
	TEST_EQUAL(host_state(bad), PROCESS_FAULTED);
	TEST_EQUAL(host_command(good, DRIVER_LED, 0, 0, 0).r[1], 4);
	TEST_CHECK(strstr(host_log(), "process bad (slot 0) faulted") != NULL);
}

HOST_TEST(faults_restart_up_to_a_limit)
{
	const struct process_policy policy = {
		.fault = FAULT_RESTART, .restart_limit = 2, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("bad");
	for (uint32_t i = 1; i <= 2; i++) {
		host_touch(app, 0);
		TEST_EQUAL(host_state(app), PROCESS_RUNNING);
		TEST_EQUAL(host_info(app).restarts, i);
	}
	host_touch(app, 0);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_CHECK(strstr(host_log(), "it faulted 3 times and stays stopped") != NULL);
}

HOST_TEST(faults_restart_without_limit)
{
	const struct process_policy policy = {.fault = FAULT_RESTART, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("bad");
	for (uint32_t i = 1; i <= 20; i++)
		host_touch(app, 0);
	TEST_EQUAL(host_info(app).restarts, 20);
}

HOST_TEST(a_fault_can_end_everything)
{
	const struct process_policy policy = {.fault = FAULT_PANIC, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("vital");
	host_touch(app, 0);
	TEST_EQUAL(host_run_to_end(), 70);
	TEST_CHECK(strstr(host_log(), "*** kernel panic: a process faulted") != NULL);
}

HOST_TEST(a_fault_in_the_footers_is_told_as_such)
{
	struct host_app *app;
	struct process *process;

	host_board_start(NULL);
	app = host_script_add("bad");
	host_run();
	process = &board.processes[process_id_slot(host_process(app)->id)];
	process->code_end = process->flash_end - 64;
	host_touch(app, process->flash_end - 32);
	TEST_CHECK(strstr(host_log(), "is its own footers") != NULL);
}

/* Who has no key has no role that a key gives. */
HOST_TEST(a_policy_for_a_role_is_not_for_everybody)
{
	static const struct process_policy policies[] = {
		{.role = 2, .fault = FAULT_RESTART, .timeslice_us = 1000},
	};
	struct host_app *app;

	host_board_start(&(struct host_config){.policies = policies, .policy_count = 1});
	app = host_script_add("any");
	host_touch(app, 0);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
}

HOST_TEST(policies_fit_by_name_and_short_id)
{
	static const struct process_policy policies[] = {
		{.name = "named", .fault = FAULT_RESTART, .timeslice_us = 1000},
		{.short_id = 77, .fault = FAULT_RESTART, .timeslice_us = 1000},
		{.name = "both", .short_id = 5, .fault = FAULT_RESTART, .timeslice_us = 1000},
		{.name = "signed", .role = 1, .fault = FAULT_RESTART, .timeslice_us = 1000},
	};
	const struct host_image_options options[] = {
		{.name = "named"},
		{.name = "named2"},
		{.name = "name"},
		{.name = "any", .short_id = 77},
		{.name = "both", .short_id = 6},
		{.name = "both", .short_id = 5},
		{.name = "signed"}, /* by nobody: it has no role */
	};
	const bool restarts[] = {true, false, false, true, false, true, false};
	struct host_app *apps[7];

	host_board_start(&(struct host_config){.policies = policies, .policy_count = 4});
	for (unsigned int i = 0; i < 7; i++)
		apps[i] = host_script_add_image(&options[i]);
	for (unsigned int i = 0; i < 7; i++) {
		host_touch(apps[i], 0);
		TEST_EQUAL(host_state(apps[i]), restarts[i] ? PROCESS_RUNNING : PROCESS_FAULTED);
	}
	TEST_EQUAL(host_info(apps[5]).short_id, 5);
}

/* ---- permissions ---- */

HOST_TEST(policy_permissions_hide_drivers)
{
	static const struct driver_permission may[] = {{DRIVER_LED, 1u << 1 | 1u << 4},
						       {HOST_PROBE_DRIVER, UINT64_C(1) << 63}};
	const struct process_policy policy = {
		.timeslice_us = 10000, .permissions = may, .permission_count = 2};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("confined");
	TEST_EQUAL(host_command(app, DRIVER_LED, 0, 0, 0).r[1], 4);
	TEST_EQUAL(host_command(app, DRIVER_LED, 1, 0, 0).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(app, DRIVER_LED, 2, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 0, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 200, 0, 0).r[1], E_NOSUPPORT);
	TEST_EQUAL(host_allow_ro(app, DRIVER_CONSOLE, 1, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_subscribe(app, DRIVER_CONSOLE, 1, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_subscribe(app, HOST_PROBE_DRIVER, 1, 0, 0).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(host_memop(app, MEMOP_FLASH_REGIONS, 0).r[0], SYSCALL_SUCCESS_U32);
	TEST_CHECK(!host_yield(app).returned);
}

HOST_TEST(header_permissions_hide_drivers)
{
	/* TLV 6: two entries of (driver, block of 64, mask) */
	static const uint16_t tlv[] = {6, 34, 2,   2, 0, 0, 0, 2, 0, 0,
				       0, 1,  0xF, 1, 0, 1, 0, 0, 0, 0};
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){
		.name = "confined", .tlvs = tlv, .tlvs_length = sizeof(tlv)});
	TEST_EQUAL(host_command(app, DRIVER_LED, 1, 0, 0).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(app, DRIVER_LED, 2, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(app, DRIVER_LED, 65, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(app, DRIVER_BUTTON, 0, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 0, 0, 0).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 64, 0, 0).r[1], E_NOSUPPORT);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 0, 0).r[1], E_NODEVICE);
	TEST_CHECK(!host_call(app, 99, 0, 0, 0, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
}
