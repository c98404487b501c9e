/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board with another treatment for each of several names, for tests/qemu/policies.py and soak.py.
 */
#include "default_board.h"

#include "trusted/linker.h"

enum {
	SLICE_US = 10000,
	ALL_COMMANDS = -1,
	TESTED_SHORT_ID = 0x1D1D,
	ONLY_COUNT_AND_ON = 1 << 0 | 1 << 1,
};

static const struct driver_permission narrow[] = {
	{DRIVER_ALARM, (uint64_t)(int64_t)ALL_COMMANDS},
	{DRIVER_CONSOLE, (uint64_t)(int64_t)ALL_COMMANDS},
	{DRIVER_LED, ONLY_COUNT_AND_ON},
};

/* The end of the flash of applications, where no image puts one. */
enum { WINDOW = 4096 };

static const struct memory_window windows[] = {
	{(uint32_t)(linker_apps_end - WINDOW), WINDOW / 2, 1},
	{(uint32_t)(linker_apps_end - WINDOW / 2), WINDOW / 2, 2},
};

/* A bug of a board: it needs all of the kernel's stack, and more. */
static __attribute__((noinline)) uint32_t sink(volatile uint32_t *above)
{
	volatile uint32_t frame[8] = {*above};

	return frame[1] != 0 ? 0 : sink(frame) + frame[0];
}

static void sinks(struct process *process)
{
	volatile uint32_t first = process != NULL;

	(void)sink(&first);
}

static const struct process_policy treatments[] = {
	{.name = "sinks", .fault = FAULT_STOP, .timeslice_us = SLICE_US, .ended = sinks},
	{.name = "looks",
	 .fault = FAULT_STOP,
	 .timeslice_us = SLICE_US,
	 .windows = windows,
	 .window_count = ARRAY_LENGTH(windows)},
	{.name = "restarted", .fault = FAULT_RESTART, .timeslice_us = SLICE_US},
	{.name = "limited", .fault = FAULT_RESTART, .restart_limit = 3, .timeslice_us = SLICE_US},
	{.name = "faulter", .fault = FAULT_RESTART, .timeslice_us = SLICE_US},
	{.name = "dumped", .fault = FAULT_DUMP, .timeslice_us = SLICE_US},
	{.name = "panics", .fault = FAULT_PANIC, .timeslice_us = SLICE_US},
	{.short_id = TESTED_SHORT_ID,
	 .fault = FAULT_RESTART,
	 .restart_limit = 1,
	 .timeslice_us = SLICE_US},
	{.name = "narrow",
	 .fault = FAULT_STOP,
	 .timeslice_us = SLICE_US,
	 .permissions = narrow,
	 .permission_count = ARRAY_LENGTH(narrow)},
	{.name = "first", .fault = FAULT_STOP, .timeslice_us = SLICE_US, .priority = 0},
	{.name = "second", .fault = FAULT_STOP, .timeslice_us = SLICE_US, .priority = 1},
	{.name = "third", .fault = FAULT_STOP, .timeslice_us = SLICE_US, .priority = 2},
};

const struct default_board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.fault = FAULT_STOP, .timeslice_us = SLICE_US},
	.policies = treatments,
	.policy_count = ARRAY_LENGTH(treatments),
	.loans = DEFAULT_LOANS,
	.prompt = PROCESS_CONSOLE_PROMPT,
};
