/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Paths of the kernel that boards take seldom or never. */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/deferred.h"
#include "trusted/kernel.h"

#include <stdio.h>
#include <string.h>

static bool logged(const char *text)
{
	return strstr(host_log(), text) != NULL;
}

/* ---- deferred calls ---- */

static unsigned int order[4], calls;

static void first_called(struct deferred *deferred)
{
	(void)deferred;
	order[calls++] = 1;
	host_interrupt(0); /* an interrupt that comes meanwhile is served before the process */
}

static void second_called(struct deferred *deferred)
{
	(void)deferred;
	order[calls++] = 2;
}

static const struct deferred_ops first_ops = {first_called}, second_ops = {second_called};
static struct deferred first = {.ops = &first_ops}, second = {.ops = &second_ops};

static syscall_result defer(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)process;
	(void)number;
	(void)argument;
	deferred_set(&second);
	deferred_set(&first);
	deferred_set(&second);
	return syscall_success();
}

HOST_TEST(deferred_calls_come_once_and_in_order)
{
	struct host_app *app;

	host_board_start(NULL);
	host_probe.command = defer;
	app = host_script_add("one");
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_EQUAL(calls, 2);
	TEST_CHECK(order[0] == 2 && order[1] == 1);
}

/* ---- the end ---- */

static void fatal_called(struct deferred *deferred)
{
	(void)deferred;
	kernel_fatal("a test asked for it", &(struct arch_fault){ARCH_FAULT_ILLEGAL, 0, 0x1234});
}

static const struct deferred_ops fatal_ops = {fatal_called};
static struct deferred fatal = {.ops = &fatal_ops};

HOST_TEST(the_last_report_has_everything)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.process_slots = 3});
	app = host_script_add("one");
	host_script_add("two");
	host_command(app, DRIVER_LED, 0, 0, 0);
	deferred_set(&fatal);
	host_interrupt(0);
	TEST_EQUAL(host_run_to_end(), 70);
	TEST_CHECK(logged("*** kernel panic: a test asked for it"));
	TEST_CHECK(logged("illegal instruction"));
	TEST_CHECK(logged("slot 0: state 1") && logged("slot 1: state 1") && !logged("slot 2"));
	TEST_CHECK(logged("fault record, for detent explain: "));
}

static void again(void)
{
	kernel_fatal("once more", NULL);
}

HOST_TEST(a_fault_in_the_last_report_ends_it)
{
	host_board_start(NULL);
	host_script_add("one");
	host_run();
	host_on_emergency(again);
	deferred_set(&fatal);
	host_interrupt(0);
	TEST_EQUAL(host_run_to_end(), 70);
	TEST_CHECK(!logged("once more"));
}

/* ---- the greeting ---- */

HOST_TEST(a_build_record_may_lack_anything)
{
	host_board_start(NULL);
	strcpy(host_build_record, "versio=1\nversion=");
	host_run();
	TEST_CHECK(logged("Detent  on host, a model of memory protection, , flags "));
}

HOST_TEST(a_build_record_may_be_empty)
{
	host_board_start(NULL);
	host_build_record[0] = '\0';
	host_run();
	TEST_CHECK(logged("Detent  on host"));
}

HOST_TEST(values_of_a_build_record_are_cut)
{
	host_board_start(NULL);
	snprintf(host_build_record, sizeof(host_build_record),
		 "flags=cut\nversion=%0100d\ntoolchain=last", 7);
	host_run();
	TEST_CHECK(logged("Detent 00000000000000000000000000000000000000000000000 on host"));
	TEST_CHECK(logged(", last, flags cut"));
}

/* ---- boards of another kind ---- */

HOST_TEST(a_board_without_a_reader_of_the_log)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.no_log = true});
	app = host_script_add("one");
	host_touch(app, 0);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_CHECK(!logged("Detent"));
}

HOST_TEST(a_board_with_one_driver)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.driver_count = 1});
	app = host_script_add("one");
	TEST_EQUAL(host_command(app, DRIVER_ALARM, 5, 10, 0).r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(host_command(app, DRIVER_CONSOLE, 0, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_info(app).grants_total, 1);
}

HOST_TEST(a_filtered_process_asks_for_a_driver_that_is_not_there)
{
	static const struct driver_permission may[] = {{0x777, UINT64_MAX}};
	const struct process_policy policy = {
		.timeslice_us = 10000, .permissions = may, .permission_count = 1};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("confined");
	TEST_EQUAL(host_command(app, 0x777, 1, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_allow_ro(app, 0x777, 1, 0, 0).r[1], E_NODEVICE);
}

/* The kernel reads headers with the rights of the process: what it cannot read allows nothing. */
HOST_TEST(unreadable_permissions_allow_nothing)
{
	static const uint16_t tlv[] = {6, 18, 1, 2, 0, 0, 0, 0xFF, 0, 0, 0, 0};
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){
		.name = "confined", .tlvs = tlv, .tlvs_length = sizeof(tlv)});
	TEST_EQUAL(host_command(app, DRIVER_LED, 1, 0, 0).r[0], SYSCALL_SUCCESS);
	board.processes[host_process(app) - board.processes].permissions_offset = 5000;
	TEST_EQUAL(host_command(app, DRIVER_LED, 1, 0, 0).r[1], E_NODEVICE);
}

static bool entered;

static syscall_result stale(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER_EXISTING(entry, &host_probe.driver, (struct process_id){process.raw + 0x100});
	(void)number;
	(void)argument;
	entered = entry != NULL;
	return syscall_success();
}

HOST_TEST(an_existing_grant_of_a_stale_handle)
{
	struct host_app *app;

	host_board_start(NULL);
	host_probe.command = stale;
	entered = true;
	app = host_script_add("one");
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_CHECK(!entered);
}

/* ---- RAM and slots to the last ---- */

HOST_TEST(ram_is_full_to_its_end)
{
	const uint32_t ram = HOST_RAM_END - HOST_RAM_START;
	struct host_app *all, *none;
	uint32_t kernel_bytes;

	host_board_start(NULL);
	all = host_script_add_image(
		&(struct host_image_options){.name = "all", .min_ram = ram - 16384});
	none = host_script_add_image(
		&(struct host_image_options){.name = "none", .min_ram = 20000});
	host_run();
	kernel_bytes = host_info(all).ram_end - host_info(all).ram_start - (ram - 16384);
	TEST_CHECK(kernel_bytes < 16384);
	TEST_CHECK(host_process(none) == NULL);
	host_terminate(all);
	board.processes[0].ram_requested = ram - kernel_bytes;
	TEST_EQUAL(host_boot(all), E_OK);
	TEST_EQUAL(host_info(all).ram_end, HOST_RAM_END);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(host_process(none) == NULL);
	TEST_CHECK(logged("the largest gap has 0"));
}

HOST_TEST(the_first_of_several_dead_slots_is_reused)
{
	struct host_app *apps[3];
	struct process_info info;

	host_board_start(&(struct host_config){.process_slots = 2});
	for (unsigned int i = 0; i < 3; i++)
		apps[i] = host_script_add("one");
	host_run();
	host_terminate(apps[1]);
	host_terminate(apps[0]);
	process_load(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(host_process(apps[2]) == &board.processes[0]);

	/* The handle of the unused slot of a board is no handle. */
	info = host_info(apps[2]);
	TEST_EQUAL(process_stop(&host_admin, (struct process_id){info.id.raw - 0x100}), E_NODEVICE);
}

HOST_TEST(names_are_kept_up_to_64_characters)
{
	struct host_app *app;
	char name[100];

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){
		.name = "0123456789012345678901234567890123456789012345678901234567890123456789"});
	TEST_EQUAL(process_name(&host_admin, host_info(app).id, name, sizeof(name)), 64);
}

static syscall_result enter_other(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, (struct process_id){argument[0]});
	(void)process;
	(void)number;
	return syscall_from_error(entry == NULL ? E_NOMEM : E_OK);
}

/* A capsule gives a process its grant while another one runs. */
HOST_TEST(a_grant_for_a_process_that_does_not_run)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	host_probe.command = enter_other;
	one = host_script_add("one");
	two = host_script_add("two");
	TEST_EQUAL(host_command(one, HOST_PROBE_DRIVER, 1, host_info(two).id.raw, 0).r[0],
		   SYSCALL_SUCCESS);
	TEST_EQUAL(host_info(one).grants_used, 0);
	TEST_EQUAL(host_info(two).grants_used, 1);
	TEST_EQUAL(host_memop(two, MEMOP_GRANT_START, 0).r[1], host_info(two).grant_break);
}
