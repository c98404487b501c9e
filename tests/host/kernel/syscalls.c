/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Each class of system call, by one process. The oracle checks every answer besides. */
#include "host/host.h"
#include "host/probe.h"

#include <string.h>

static struct host_app *one_process(void)
{
	host_board_start(NULL);
	return host_script_add("one");
}

static void expect(struct host_return result, uint32_t r0, uint32_t r1)
{
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], r0);
	TEST_EQUAL(result.r[1], r1);
}

HOST_TEST(the_kernel_greets)
{
	host_board_start(NULL);
	host_run();
	TEST_CHECK(strstr(host_log(), "Detent host on host, a model of memory protection") != NULL);
}

HOST_TEST(a_process_starts_with_what_its_crt0_needs)
{
	struct host_app *app = one_process();
	struct host_return start = host_continue(app);

	TEST_CHECK(start.returned);
	TEST_EQUAL(start.r[0], host_process(app)->app_start);
	TEST_EQUAL(start.r[1], host_info(app).ram_start);
	TEST_EQUAL(start.r[2], host_info(app).ram_end - host_info(app).ram_start);
	TEST_EQUAL(start.r[3], host_info(app).app_break);
}

HOST_TEST(commands_reach_their_driver)
{
	struct host_app *app = one_process();

	expect(host_command(app, DRIVER_ALARM, 1, 0, 0), SYSCALL_SUCCESS_U32, 1000000);
	expect(host_command(app, DRIVER_LED, 0, 0, 0), SYSCALL_SUCCESS_U32, 4);
	expect(host_command(app, 0x12345, 0, 0, 0), SYSCALL_FAILURE, E_NODEVICE);
	expect(host_command(app, DRIVER_ALARM, 99, 0, 0), SYSCALL_FAILURE, E_NOSUPPORT);
	TEST_EQUAL(host_info(app).syscalls, 4);
}

static syscall_result many_values(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)process;
	switch (number) {
	case 1:
		return syscall_success_2_u32(argument, 11, 12);
	case 2:
		return syscall_success_u64(argument, UINT64_C(0x1122334455667788));
	case 3:
		return syscall_failure_u32(argument, E_SIZE, 13);
	default:
		return syscall_from_error(number == 4 ? E_OK : E_BUSY);
	}
}

HOST_TEST(commands_return_all_variants)
{
	struct host_app *app = one_process();
	struct host_return result;

	host_probe.command = many_values;
	result = host_command(app, HOST_PROBE_DRIVER, 1, 7, 8);
	expect(result, SYSCALL_SUCCESS_2_U32, 11);
	TEST_EQUAL(result.r[2], 12);
	result = host_command(app, HOST_PROBE_DRIVER, 2, 7, 8);
	expect(result, SYSCALL_SUCCESS_U64, 0x55667788);
	TEST_EQUAL(result.r[2], 0x11223344);
	result = host_command(app, HOST_PROBE_DRIVER, 3, 7, 8);
	expect(result, SYSCALL_FAILURE_U32, E_SIZE);
	TEST_EQUAL(result.r[2], 13);
	expect(host_command(app, HOST_PROBE_DRIVER, 4, 7, 8), SYSCALL_SUCCESS, 0);
	expect(host_command(app, HOST_PROBE_DRIVER, 5, 7, 8), SYSCALL_FAILURE, E_BUSY);
}

HOST_TEST(subscribe_swaps)
{
	struct host_app *app = one_process();
	uint32_t first = host_flash(app, 0x100), second = host_flash(app, 0x200);
	struct host_return result = host_subscribe(app, HOST_PROBE_DRIVER, 3, first, 5);

	expect(result, SYSCALL_SUCCESS_2_U32, 0);
	TEST_EQUAL(result.r[2], 0);
	result = host_subscribe(app, HOST_PROBE_DRIVER, 3, second, 6);
	expect(result, SYSCALL_SUCCESS_2_U32, first);
	TEST_EQUAL(result.r[2], 5);
	result = host_subscribe(app, HOST_PROBE_DRIVER, 3, 0, 0);
	expect(result, SYSCALL_SUCCESS_2_U32, second);
	TEST_EQUAL(result.r[2], 6);
}

HOST_TEST(subscribe_refuses)
{
	struct host_app *app = one_process();
	uint32_t code = host_flash(app, 0x100);
	struct host_return result = host_subscribe(app, 0x777, 0, code, 5);

	expect(result, SYSCALL_FAILURE_2_U32, E_NODEVICE);
	TEST_EQUAL(result.r[2], code);
	TEST_EQUAL(result.r[3], 5);
	expect(host_subscribe(app, HOST_PROBE_DRIVER, HOST_PROBE_UPCALLS, code, 0),
	       SYSCALL_FAILURE_2_U32, E_NOSUPPORT);
	expect(host_subscribe(app, HOST_PROBE_DRIVER, 0, host_ram(app, 0), 0),
	       SYSCALL_FAILURE_2_U32, E_INVAL);
	expect(host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 4095), 0),
	       SYSCALL_FAILURE_2_U32, E_INVAL);
	expect(host_subscribe(app, HOST_PROBE_DRIVER, 0, 0xFFFFFFFF, 0), SYSCALL_FAILURE_2_U32,
	       E_INVAL);
	expect(host_subscribe(app, HOST_PROBE_DRIVER, 0, host_flash(app, 4094), 0),
	       SYSCALL_SUCCESS_2_U32, 0);
}

HOST_TEST(allows_swap_and_are_apart)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);
	const uint32_t classes[] = {SYSCALL_ALLOW_RW, SYSCALL_ALLOW_RO, SYSCALL_ALLOW_UR};

	for (unsigned int i = 0; i < 3; i++)
		expect(host_call(app, classes[i], HOST_PROBE_DRIVER, 1, ram + i, 4 + i),
		       SYSCALL_SUCCESS_2_U32, 0);
	for (unsigned int i = 0; i < 3; i++) {
		struct host_return result = host_call(app, classes[i], HOST_PROBE_DRIVER, 1, 0, 0);

		expect(result, SYSCALL_SUCCESS_2_U32, ram + i);
		TEST_EQUAL(result.r[2], 4 + i);
	}
}

HOST_TEST(allow_takes_only_memory_of_the_process)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0), size = host_info(app).app_break - ram;

	expect(host_allow_rw(app, 0x777, 0, ram, 1), SYSCALL_FAILURE_2_U32, E_NODEVICE);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 9, ram, 1), SYSCALL_FAILURE_2_U32, E_INVAL);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram, size + 1), SYSCALL_FAILURE_2_U32,
	       E_INVAL);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram - 1, 2), SYSCALL_FAILURE_2_U32,
	       E_INVAL);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram + 1, 0xFFFFFFFF), SYSCALL_FAILURE_2_U32,
	       E_INVAL);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0), 4),
	       SYSCALL_FAILURE_2_U32, E_INVAL);
	expect(host_allow_ro(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0), 4096),
	       SYSCALL_SUCCESS_2_U32, 0);
	expect(host_allow_ro(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0), 4097),
	       SYSCALL_FAILURE_2_U32, E_INVAL);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0xDEAD0000, 0), SYSCALL_SUCCESS_2_U32, 0);
	expect(host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram, size), SYSCALL_SUCCESS_2_U32,
	       0xDEAD0000);
}

HOST_TEST(memop_tells_where_a_process_is)
{
	struct host_app *app = one_process();
	struct process_info info = host_info(app);

	expect(host_memop(app, MEMOP_RAM_START, 0), SYSCALL_SUCCESS_U32, info.ram_start);
	expect(host_memop(app, MEMOP_RAM_END, 0), SYSCALL_SUCCESS_U32, info.ram_end);
	expect(host_memop(app, MEMOP_FLASH_START, 0), SYSCALL_SUCCESS_U32, info.flash_start);
	expect(host_memop(app, MEMOP_FLASH_END, 0), SYSCALL_SUCCESS_U32, info.flash_end);
	expect(host_memop(app, MEMOP_GRANT_START, 0), SYSCALL_SUCCESS_U32, info.grant_break);
	expect(host_memop(app, MEMOP_FLASH_REGIONS, 0), SYSCALL_SUCCESS_U32, 0);
	expect(host_memop(app, MEMOP_FLASH_REGION_START, 0), SYSCALL_FAILURE, E_FAIL);
	expect(host_memop(app, MEMOP_FLASH_REGION_END, 0), SYSCALL_FAILURE, E_FAIL);
	expect(host_memop(app, MEMOP_WINDOWS, 0), SYSCALL_FAILURE, E_NOSUPPORT);
	expect(host_memop(app, 16, 0), SYSCALL_FAILURE, E_NOSUPPORT);
	expect(host_memop(app, MEMOP_STACK_TOP, 0x11), SYSCALL_SUCCESS, 0x11);
	expect(host_memop(app, MEMOP_HEAP_START, 0x22), SYSCALL_SUCCESS, 0x22);
	TEST_EQUAL(host_info(app).stack_top, 0x11);
	TEST_EQUAL(host_info(app).heap_start, 0x22);
}

HOST_TEST(memop_tells_writeable_flash_regions)
{
	/* TLV 2, 16 bytes: (offset 1024, size 512) and (2048, 1024) */
	static const uint32_t tlv[] = {2 | 16 << 16, 1024, 512, 2048, 1024};
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){
		.name = "regions", .tlvs = tlv, .tlvs_length = sizeof(tlv)});
	expect(host_memop(app, MEMOP_FLASH_REGIONS, 0), SYSCALL_SUCCESS_U32, 2);
	expect(host_memop(app, MEMOP_FLASH_REGION_START, 0), SYSCALL_SUCCESS_U32,
	       host_flash(app, 1024));
	expect(host_memop(app, MEMOP_FLASH_REGION_END, 0), SYSCALL_SUCCESS_U32,
	       host_flash(app, 1536));
	expect(host_memop(app, MEMOP_FLASH_REGION_END, 1), SYSCALL_SUCCESS_U32,
	       host_flash(app, 3072));
	expect(host_memop(app, MEMOP_FLASH_REGION_START, 2), SYSCALL_FAILURE, E_FAIL);
}

HOST_TEST(memop_tells_the_windows_of_a_policy)
{
	static const struct memory_window windows[] = {{0x40000000, 0x1000, 1},
						       {0x40001000, 0x2000, 2}};
	const struct process_policy policy = {
		.timeslice_us = 10000, .windows = windows, .window_count = 2};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = policy});
	app = host_script_add("looks");
	expect(host_memop(app, MEMOP_WINDOWS, 0), SYSCALL_SUCCESS_U32, 2);
	expect(host_memop(app, MEMOP_WINDOW_START, 1), SYSCALL_SUCCESS_U32, 0x40001000);
	expect(host_memop(app, MEMOP_WINDOW_LENGTH, 0), SYSCALL_SUCCESS_U32, 0x1000);
	expect(host_memop(app, MEMOP_WINDOW_TYPE, 1), SYSCALL_SUCCESS_U32, 2);
	expect(host_memop(app, MEMOP_WINDOW_TYPE, 2), SYSCALL_FAILURE, E_FAIL);
	TEST_EQUAL(host_process(app)->mpu.windows[0].start, 0x40000000);
	TEST_EQUAL(host_process(app)->mpu.windows[0].end, 0x40003000);
}

HOST_TEST(unknown_yields_return_at_once)
{
	struct host_app *app = one_process();

	TEST_CHECK(host_call(app, SYSCALL_YIELD, 3, 0, 0, 0).returned);
	TEST_CHECK(host_call(app, SYSCALL_YIELD, 0xFFFFFFFF, 0, 0, 0).returned);
}

HOST_TEST(an_unknown_class_is_a_fault)
{
	struct host_app *app = one_process();

	TEST_CHECK(!host_call(app, 8, 0, 0, 0, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_FAULTED);
	TEST_CHECK(strstr(host_log(), "a system call of an unknown class") != NULL);
}

/* Whether or not a filter looks at what it calls. */
static void call_unknown_classes(const struct process_policy *policy)
{
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = *policy});
	app = host_script_add("unknown");
	host_run();
	for (uint32_t class_number = 8; class_number < 0x100; class_number++) {
		host_call(app, class_number, DRIVER_LED, 0, 0, 0);
		TEST_EQUAL(host_info(app).restarts, class_number - 7);
	}
}

HOST_TEST(every_unknown_class_is_a_fault)
{
	const struct process_policy policy = {.fault = FAULT_RESTART, .timeslice_us = 10000};

	call_unknown_classes(&policy);
}

HOST_TEST(every_unknown_class_of_a_filtered_process_is_a_fault)
{
	static const struct driver_permission leds = {DRIVER_LED, 1};
	const struct process_policy policy = {.fault = FAULT_RESTART,
					      .timeslice_us = 10000,
					      .permissions = &leds,
					      .permission_count = 1};

	call_unknown_classes(&policy);
}

HOST_TEST(unknown_exits_fail)
{
	struct host_app *app = one_process();

	expect(host_call(app, SYSCALL_EXIT, 2, 0, 0, 0), SYSCALL_FAILURE, E_NOSUPPORT);
	TEST_CHECK(!host_call(app, SYSCALL_EXIT, EXIT_TERMINATE, 42, 0, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_TERMINATED);
	TEST_EQUAL(host_info(app).completion_code, 42);
}

HOST_TEST(the_last_calls_are_in_the_report)
{
	const struct process_policy dump = {.fault = FAULT_DUMP, .timeslice_us = 10000};
	struct host_app *app;

	host_board_start(&(struct host_config){.policy = dump});
	app = host_script_add("dumped");
	host_command(app, DRIVER_LED, 0, 0, 0);
	host_memop(app, MEMOP_RAM_START, 0);
	host_touch(app, 0x1234);
	host_run();
	TEST_CHECK(strstr(host_log(), "no access to 0x00001234") != NULL);
	TEST_CHECK(strstr(host_log(), "last command 0x2, 0") != NULL);
	TEST_CHECK(strstr(host_log(), "memop 0x2, 0x0") != NULL);
	fault_record_print(&host_admin);
	host_interrupt(0);
	host_run();
	TEST_CHECK(strstr(host_log(), "fault record, for detent explain: 44444631") != NULL);
}
