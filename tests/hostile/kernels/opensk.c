/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board that has OpenSK's driver in place of key-value, and gives the first page of its raw
 * flash to one application, which may read it where it is; for tests/qemu/storage.py.
 */
#include "capsules/opensk_compat.h"

static void start_opensk(struct flash_geometry_driver *instead,
			 const struct flash_geometry_config *raw);

#define flash_geometry_driver_init start_opensk
#include "default_board.h"
#undef flash_geometry_driver_init

/* A capsule that the board does not have. */
#include "capsules/src/opensk_compat.c"

enum {
	PAGE = 4096,
	PLACE = QEMU_VIRT_FLASH_BASE + STORE_PAGES * QEMU_VIRT_FLASH_SECTOR,
	ENDURANCE = 100000,
};

static struct opensk_compat opensk;

static void start_opensk(struct flash_geometry_driver *instead,
			 const struct flash_geometry_config *raw)
{
	static const struct flash_region region = {
		.identity = RAW_IDENTITY, .first_page = 0, .pages = 1};
	const struct opensk_compat_config config = {
		.raw = {.flash = raw->flash, .regions = &region, .region_count = 1},
		.address = PLACE,
		.endurance = ENDURANCE,
	};

	(void)instead;
	opensk_compat_init(&opensk, &config);
}

static const struct driver_entry opensk_drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_KEY_VALUE, &opensk.raw.driver},
};

static const struct memory_window windows[] = {{.start = PLACE, .length = PAGE, .type = 1}};

static const struct process_policy opensk_policies[] = {
	{.name = "opensk_store",
	 .fault = FAULT_STOP,
	 .timeslice_us = 10000,
	 .storage = STORAGE_BY_CLAIM,
	 .windows = windows,
	 .window_count = ARRAY_LENGTH(windows)},
};

const struct default_board board = {
	.name = BOARD_NAME,
	.drivers = opensk_drivers,
	.driver_count = ARRAY_LENGTH(opensk_drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000, .storage = STORAGE_BY_CLAIM},
	.policies = opensk_policies,
	.policy_count = ARRAY_LENGTH(opensk_policies),
	.loans = DEFAULT_LOANS,
	.prompt = PROCESS_CONSOLE_PROMPT,
};
