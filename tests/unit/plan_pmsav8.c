/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMSAv8 planner against a model of the hardware that knows only register bits
 * (Armv8-M manual, MPU_RBAR and MPU_RLAR).
 *
 * LINK: arch/armv8m/pmsav8_plan.c
 */
#include "pmsav8_plan.h"
#include "test.h"

static bool region_opens(const struct pmsav8_region *region, uint32_t address)
{
	uint32_t base = region->rbar & 0xFFFFFFE0;
	uint32_t last = region->rlar | 0x1F;

	return (region->rlar & 1) != 0 && address >= base && address <= last;
}

static void check_plan(uint32_t start, uint32_t need_end, uint32_t limit)
{
	struct pmsav8_need need = {start, need_end, limit};
	struct pmsav8_region region = {7, 7};
	uint32_t end = 7;
	/* the least end that the hardware can have, in 64 bits */
	uint64_t least = start == need_end ? start : ((uint64_t)need_end + 31) >> 5 << 5;
	bool possible =
		(start & 31) == 0 && start <= need_end && need_end <= limit && least <= limit;
	bool planned = pmsav8_plan(&need, PMSAV8_RAM, &region, &end);

	TEST_EQUAL(planned, possible);
	if (!planned) {
		TEST_CHECK(region.rbar == 7 && region.rlar == 7 && end == 7);
		return;
	}
	TEST_EQUAL(end, least);
	for (uint32_t step = 0; step < 4; step++) { /* start-1, start, end-1, end */
		uint32_t address = (step < 2 ? start : end) - 1 + step % 2;

		TEST_EQUAL(region_opens(&region, address), address >= start && address < end);
	}
}

/* The lowest place, in 64 bits. */
static void check_place(const struct pmsav8_window *window)
{
	uint64_t start = ((uint64_t)window->start + 31) >> 5 << 5;
	uint64_t app = ((uint64_t)window->app_bytes + 31) >> 5 << 5;
	uint64_t kernel = ((uint64_t)window->kernel_bytes + 31) >> 5 << 5;
	struct pmsav8_placement found = {7, 7};
	bool possible = start + app + kernel <= (uint64_t)window->start + window->size;

	if (window->is_fixed && start != window->start)
		possible = false;

	bool placed = pmsav8_place_ram(window, &found);

	TEST_EQUAL(placed, possible);
	if (!placed)
		TEST_CHECK(found.start == 7 && found.size == 7);
	else
		TEST_CHECK(found.start == start && found.size == app + kernel);
}

static void check_places(void)
{
	uint32_t random = 11;

	for (uint32_t round = 0; round < 400000; round++) {
		uint32_t size = test_random(&random) % 200;
		struct pmsav8_window window = {
			.start = round % 5 == 0 ? UINT32_MAX - size - round % 64 : round % 97,
			.size = size,
			.app_bytes = round % 7 == 0 ? UINT32_MAX - round % 70 : round % 79,
			.kernel_bytes = round % 11 == 0 ? UINT32_MAX - round % 70 : round % 67,
			.is_fixed = round % 3 == 0,
		};

		check_place(&window);
	}
}

int main(void)
{
	check_places();

	uint32_t random = 3;

	for (uint32_t start = 0; start <= 160; start += 4)
		for (uint32_t need_end = 0; need_end <= 200; need_end++)
			for (uint32_t limit = 0; limit <= 200; limit++)
				check_plan(start, need_end, limit);
	for (int round = 0; round < 300000; round++) {
		uint32_t start = test_random(&random) & (round % 8 == 0 ? 0xFFFFFFFF : 0xFFFFFFE0);
		uint32_t need_end = start + test_random_bits(&random);

		check_plan(start, need_end, need_end + test_random(&random) % 48);
	}
	check_plan(0xFFFFFFE0, 0xFFFFFFFF, 0xFFFFFFFF);
	check_plan(0, 0xFFFFFFE0, 0xFFFFFFFF);

	struct pmsav8_need need = {0x1000, 0x2000, 0x2000};
	struct pmsav8_region region;
	uint32_t end;

	/* RAM: AP 01, XN, attribute 0; flash: AP 11, executable, attribute 1 */
	TEST_CHECK(pmsav8_plan(&need, PMSAV8_RAM, &region, &end));
	TEST_CHECK(region.rbar == 0x1003 && region.rlar == 0x1FE1);
	TEST_CHECK(pmsav8_plan(&need, PMSAV8_FLASH, &region, &end));
	TEST_CHECK(region.rbar == 0x1006 && region.rlar == 0x1FE3);
	TEST_CHECK(pmsav8_plan(&need, PMSAV8_READ, &region, &end));
	TEST_CHECK(region.rbar == 0x1007 && region.rlar == 0x1FE1);
	return test_end("plan_pmsav8");
}
