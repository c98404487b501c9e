/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A Cortex-M's MPU for tests of arch/armv7m/src/mpu.c and arch/armv8m/src/mpu.c:
 * stands in for arm.h, arm/scs.h and mpu_registers.h, which know the hardware, and
 * asks what has to hold at every address where an answer can change. The test has
 * the rules of its MPU: mpu_wrote() takes a write, may() judges an access.
 */
#ifndef ARM_MPU_MODEL_H
#define ARM_MPU_MODEL_H

#define ARM_ARM_H
#define ARM_SCS_H
#define ARM_MPU_REGISTERS_H

#include "process_promise.h"
#include "test.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { REGIONS_MAX = 16, CTRL_ON = 7 /* ENABLE, HFNMIENA, PRIVDEFENA */ };

enum mpu_register {
	MPU_TYPE = 0x00,
	MPU_CTRL = 0x04,
	MPU_RNR = 0x08,
	MPU_RBAR = 0x0C,
	MPU_RASR = 0x10,
	MPU_RLAR = 0x10,
	MPU_MAIR0 = 0x30,
};

static struct {
	uint32_t regions; /* that it has */
	uint32_t ctrl, rnr, mair0;
	uint32_t base[REGIONS_MAX], second[REGIONS_MAX]; /* MPU_RBAR; MPU_RASR or MPU_RLAR */
	bool unsettled;                                  /* written to, and no barrier since */
} model;

static void mpu_wrote(uint32_t offset, uint32_t value);

static uint32_t mpu_read(enum mpu_register number)
{
	TEST_EQUAL(number, MPU_TYPE);
	return model.regions << 8;
}

static void mpu_write(enum mpu_register number, uint32_t value)
{
	model.unsettled = true;
	mpu_wrote(number, value);
}

/* ---- arm.h and arm/scs.h ---- */

extern const uint8_t arm_fault_record_arch;
void arm_mpu_init(void);
uint32_t arm_secure_fault_take(void);

static void arm_barrier(void)
{
	model.unsettled = false;
}

/* The eight words from MPU_RBAR on. */
static void mpu_write_four(const uint32_t registers[8])
{
	for (uint32_t i = 0; i < 8; i++)
		mpu_write((enum mpu_register)(MPU_RBAR + 4 * i), registers[i]);
}

/* ---- the default memory map (ARMv7-M, B3.1; Armv8-M, B8.1), for privileged code ---- */

static bool default_may(uint32_t byte, enum access access)
{
	static const bool executable[8] = {true, true, false, true, true, false, false, false};

	return access != EXECUTE || executable[byte >> 29];
}

/* ---- what has to hold ---- */

/* What the test of each MPU knows of the code's end: how far beyond it may be executed. */
static uint32_t code_slack(const struct arch_regions *regions);

static void check_code_end(const struct arch_regions *regions)
{
	uptr_t end = arch_mpu_code_end(regions);

	TEST_CHECK(end >= regions->code_end && end <= regions->flash_end);
	TEST_CHECK(end - regions->code_end < code_slack(regions));
}

/* What the test of each MPU adds about privileged code. */
static void check_kernel(uint32_t byte, const struct arch_regions *regions, uint32_t ram_end);

static void check_edge(uint32_t edge, const struct arch_regions *regions, uint32_t ram_end)
{
	for (uint32_t byte = edge - 1; byte != edge + 1; byte++) {
		check_process(byte, regions, ram_end);
		check_kernel(byte, regions, ram_end);
	}
}

/* Where a region of the model begins and ends, all pieces of it. */
static void check_region_edges(uint32_t number, const struct arch_regions *regions,
			       uint32_t ram_end);

static void check_all(const struct arch_regions *regions, uint32_t ram_end)
{
	TEST_EQUAL(model.ctrl, CTRL_ON);
	TEST_CHECK(!model.unsettled);
	for (uint32_t eighth = 0; eighth < 8; eighth++)
		check_edge(eighth << 29, regions, ram_end);
	for (uint32_t number = 0; number < model.regions; number++)
		check_region_edges(number, regions, ram_end);
	if (regions == NULL)
		return;
	check_edge(regions->flash_start, regions, ram_end);
	check_edge(regions->code_end, regions, ram_end);
	check_edge((uint32_t)arch_mpu_code_end(regions), regions, ram_end);
	check_edge(regions->flash_end, regions, ram_end);
	check_edge(regions->ram_start, regions, ram_end);
	check_edge(regions->ram_need, regions, ram_end);
	check_edge(regions->ram_limit, regions, ram_end);
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		check_edge((uint32_t)regions->windows[i].start, regions, ram_end);
		check_edge((uint32_t)regions->windows[i].end, regions, ram_end);
	}
}

/* ---- processes at random ---- */

struct ground {
	uint32_t flash, ram;     /* of processes */
	uint32_t pool, settings; /* what else they may use, in RAM and in flash */
};

/* Closed ones are in the RAM that is used, each in a half of its own. */
static bool window_close(uint32_t *random, const struct arch_regions *regions, uint32_t number,
			 struct arch_window *window)
{
	struct arch_window_shape shape = arch_mpu_window_shape(1 + test_random(random) % 400);
	uint32_t half = (uint32_t)(regions->ram_need - regions->ram_start) / 2;
	uint32_t from = (uint32_t)regions->ram_start + number * half;
	uint32_t start = (from + shape.alignment - 1) / shape.alignment * shape.alignment;

	if (shape.size > half || start - from > half - shape.size)
		return false;
	*window = (struct arch_window){start, start + shape.size, ARCH_CLOSED, false};
	return true;
}

static uint32_t random_windows(uint32_t *random, const struct ground *ground,
			       const struct arch_regions *regions, struct arch_window *windows)
{
	uint32_t count = test_random(random) % (ARCH_WINDOWS + 1);

	for (uint32_t i = 0; i < count; i++) {
		struct arch_window_shape shape =
			arch_mpu_window_shape(1 + test_random(random) % 5000);
		bool in_flash = test_random(random) % 4 == 0;
		uint32_t start = (in_flash ? ground->settings : ground->pool) + 0x10000 * i +
				 test_random(random) % 8 * shape.alignment;

		TEST_CHECK(shape.size != 0 && shape.alignment <= 0x2000);
		if (test_random(random) % 2 == 0 && window_close(random, regions, i, &windows[i]))
			continue;
		windows[i] = (struct arch_window){
			start, start + shape.size,
			in_flash || test_random(random) % 2 == 0 ? ARCH_READ : ARCH_READ_WRITE,
			false};
	}
	for (uint32_t i = 0; i < count; i++)
		TEST_CHECK(arch_mpu_window_fits(windows[i].start,
						(uint32_t)(windows[i].end - windows[i].start)));
	return count;
}

/* One whose RAM was placed as the loader does it; false: there is no room for it. */
static bool random_regions(uint32_t *random, const struct ground *ground,
			   struct arch_regions *regions, struct arch_window *windows)
{
	const struct arch_placement room = {ground->ram + test_random(random) % 0x800 * 32, 0x8000};
	uint32_t app = 32 + test_random(random) % 0x3000, grants = test_random(random) % 0x800;
	uint32_t flash = 512u << test_random(random) % 8;
	struct arch_placement place;

	if (!arch_mpu_place(&place, &room, app, grants, 0))
		return false;
	TEST_CHECK(place.start >= room.start && place.size <= room.size);
	regions->flash_start = ground->flash + test_random(random) % 8 * flash;
	regions->flash_end = regions->flash_start + flash;
	regions->code_end = regions->flash_start + 16 + test_random(random) % (flash - 15);
	regions->ram_start = place.start;
	regions->ram_need = place.start + app;
	regions->ram_limit = place.start + place.size - grants;
	regions->windows = windows;
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		windows[i] = (struct arch_window){.start = 0};
	(void)random_windows(random, ground, regions, windows);
	return true;
}

/* Processes by turns: whatever was loaded before, only the one that is has anything. */
static void take_turns(uint32_t *random, const struct ground *ground)
{
	uint32_t loaded = 0, with_windows = 0;

	check_all(NULL, 0);
	for (int round = 0; round < 600; round++) {
		struct arch_window windows[ARCH_WINDOWS];
		struct arch_regions regions;
		struct arch_mpu plan;

		if (!random_regions(random, ground, &regions, windows))
			continue;
		if (!TEST_CHECK(arch_mpu_plan(&plan, &regions)))
			continue;
		loaded++;
		with_windows += windows[0].start != windows[0].end;
		check_code_end(&regions);
		TEST_CHECK(arch_mpu_ram_end(&plan) >= regions.ram_need);
		TEST_CHECK(arch_mpu_ram_end(&plan) <= regions.ram_limit);
		arch_mpu_load(&plan);
		check_all(&regions, (uint32_t)arch_mpu_ram_end(&plan));
		if (round % 5 != 0)
			continue;
		arch_mpu_unload();
		check_all(NULL, 0);
	}
	TEST_CHECK(loaded > 400 && with_windows > 200);
}

/* A plan that is refused leaves the one before as it was. */
static void refuse(const struct ground *ground)
{
	static const struct arch_window none[ARCH_WINDOWS];
	struct arch_regions regions = {
		.windows = none,
		.flash_start = ground->flash,
		.code_end = ground->flash + 0x1000,
		.flash_end = ground->flash + 0x1000,
		.ram_start = ground->ram,
		.ram_need = ground->ram + 0x1000,
		.ram_limit = ground->ram + 0xFFF,
	};
	struct arch_mpu plan, before;

	memset(&plan, 0x5A, sizeof(plan));
	before = plan;
	TEST_CHECK(!arch_mpu_plan(&plan, &regions));
	regions.ram_limit = regions.ram_need;
	regions.flash_start += 4;
	TEST_CHECK(!arch_mpu_plan(&plan, &regions));
	TEST_CHECK(memcmp(&plan, &before, sizeof(plan)) == 0);
}

#endif
