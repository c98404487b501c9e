/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMSAv7 planner against a model of the hardware that knows only register
 * bits (ARMv7-M manual, MPU_RBAR and MPU_RASR), and against a search through all
 * pairs of regions of 32 bytes to 4 GiB for what two regions could express.
 *
 * LINK: arch/armv7m/pmsav7_plan.c
 */
#include "pmsav7_plan.h"
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

/* Does this region open the address? The rule of the manual, bit by bit. */
static bool region_opens(const struct pmsav7_region *region, uint64_t address)
{
	if ((region->rasr & 1) == 0)
		return false;

	unsigned int bits = (region->rasr >> 1 & 31) + 1; /* the region has 2^bits bytes */
	uint64_t base = (uint64_t)region->rbar >> bits << bits;

	if (address >> bits != base >> bits)
		return false;
	if (bits < 8)
		return true;
	return (region->rasr >> (8 + (address >> (bits - 3) & 7)) & 1) == 0;
}

static bool plan_opens(const struct pmsav7_plan *plan, uint64_t address)
{
	return region_opens(&plan->region[0], address) || region_opens(&plan->region[1], address);
}

/* Looks at each address where the answer can change: multiples of a subregion. */
static void check_edges(const struct pmsav7_plan *plan, uint32_t start, uint32_t end)
{
	for (int i = 0; i < 2; i++) {
		const struct pmsav7_region *region = &plan->region[i];
		unsigned int bits = (region->rasr >> 1 & 31) + 1;

		if ((region->rasr & 1) == 0)
			continue;
		TEST_EQUAL(region->rbar & ((UINT64_C(1) << bits) - 1), 0);
		for (uint64_t k = 0; k <= 8; k++) {
			uint64_t edge = region->rbar + (k << (bits - 3));

			for (uint64_t a = edge == 0 ? 0 : edge - 1; a <= edge && a >> 32 == 0; a++)
				TEST_EQUAL(plan_opens(plan, a), a >= start && a < end);
		}
	}
}

static void test_encode(void)
{
	for (uint32_t size = 7; size <= 30; size++) {
		uint64_t subregion = UINT64_C(1) << (size - 2);
		uint32_t bases[2] = {0, (uint32_t)(0u - 8 * subregion)};

		for (int i = 0; i < 2; i++) {
			for (uint32_t first = 0; first <= 8; first++) {
				for (uint32_t end = first; end <= 8; end++) {
					struct pmsav7_piece piece = {bases[i], (uint32_t)subregion,
								     size, first, end};
					struct pmsav7_region region = {1, 1};
					uint64_t from = bases[i] + first * subregion;
					uint64_t to = bases[i] + end * subregion;

					pmsav7_encode(&piece, PMSAV7_FLASH, &region);
					for (uint64_t k = 0; k <= 8; k++) {
						uint64_t edge = bases[i] + k * subregion;

						TEST_EQUAL(region_opens(&region, edge),
							   edge >= from && edge < to);
						TEST_EQUAL(edge != 0 &&
								   region_opens(&region, edge - 1),
							   edge != 0 && edge - 1 >= from &&
								   edge - 1 < to);
					}
					if (first != end)
						TEST_EQUAL(region.rasr & 0xFFFF0000, PMSAV7_FLASH);
				}
			}
		}
	}
}

static void test_attributes(void)
{
	/* XN, AP as the manual numbers them; C set: normal memory */
	TEST_EQUAL(PMSAV7_RAM >> 28 & 1, 1);
	TEST_EQUAL(PMSAV7_RAM >> 24 & 7, 3);
	TEST_EQUAL(PMSAV7_FLASH >> 28 & 1, 0);
	TEST_EQUAL(PMSAV7_FLASH >> 24 & 7, 6);
	TEST_EQUAL(PMSAV7_READ >> 28 & 1, 1);
	TEST_EQUAL(PMSAV7_READ >> 24 & 7, 6);
}

/* ---- what two regions could express: all of them, in a space of 64 * 32 bytes ---- */

enum { CELLS = 64, CELL = 32, REGIONS_MAX = 256 };

/* For each region, the cells it opens with every subregion outside [start, limit) off. */
static unsigned int masks_find(unsigned int start, unsigned int limit, uint64_t *mask)
{
	unsigned int count = 0;

	for (unsigned int cells = 1; cells <= 8 * CELLS; cells *= 2) {
		unsigned int part = cells < 8 ? cells : cells / 8;

		for (unsigned int base = 0; base < CELLS; base += cells) {
			uint64_t open = 0;

			for (unsigned int at = base; at < base + cells; at += part)
				for (unsigned int c = at;
				     at >= start && at + part <= limit && c < at + part; c++)
					open |= UINT64_C(1) << c;
			if (open != 0)
				mask[count++] = open;
		}
	}
	return count;
}

/* The farthest cell up to which two regions open everything from `start` on. */
static unsigned int reach_find(unsigned int start, unsigned int limit)
{
	uint64_t mask[REGIONS_MAX];
	unsigned int count = masks_find(start, limit, mask);
	unsigned int best = start;

	for (unsigned int i = 0; i < count; i++) {
		for (unsigned int k = i; k < count; k++) {
			uint64_t open = mask[i] | mask[k];
			unsigned int end = start;

			while (end < CELLS && (open >> end & 1) != 0)
				end++;
			if (end > best)
				best = end;
		}
	}
	return best;
}

static void check_plan(uint32_t start, uint32_t need_end, uint32_t limit, bool possible)
{
	struct pmsav7_need need = {start, need_end, limit};
	struct pmsav7_plan plan;
	bool planned = pmsav7_plan(&need, PMSAV7_RAM, &plan);

	if (planned != possible)
		printf("\tstart 0x%x need 0x%x limit 0x%x\n", start, need_end, limit);
	TEST_EQUAL(planned, possible);
	if (!planned)
		return;
	TEST_CHECK(plan.end >= need_end && plan.end <= limit);
	check_edges(&plan, start, plan.end);
	if (need_end > start) {
		TEST_CHECK(plan_opens(&plan, start) && plan_opens(&plan, need_end - 1));
	} else {
		TEST_CHECK(plan.region[0].rasr == 0 && plan.region[1].rasr == 0);
	}
}

static void test_all_small(void)
{
	for (unsigned int start = 0; start < CELLS; start++) {
		for (unsigned int limit = start; limit <= CELLS; limit++) {
			unsigned int reach = reach_find(start, limit);

			for (unsigned int need = start; need <= limit; need++)
				check_plan(start * CELL, need * CELL, limit * CELL, need <= reach);
			if (limit > start) { /* one byte off, each way */
				check_plan(start * CELL, limit * CELL - 1, limit * CELL,
					   limit <= reach);
				check_plan(start * CELL + 1, limit * CELL, limit * CELL, false);
				check_plan(start * CELL, limit * CELL + 1, limit * CELL, false);
				check_plan(start * CELL, limit * CELL - 1, limit * CELL - 1, false);
			}
		}
	}
	check_plan(64, 32, 96, false);
	check_plan(0x20000000, 0x20000000, 0x20000000, true);
}

/* ---- the same for any addresses: regions of every size that hold either end ---- */

struct view {
	uint64_t base, part; /* of a region, and of its subregions */
};

/* The first address at or after `at` that the region cannot open inside the bounds. */
static uint64_t view_advance(const struct view *view, uint64_t at, uint64_t start, uint64_t limit)
{
	while (at >= view->base && at < view->base + 8 * view->part) {
		uint64_t from = at / view->part * view->part;

		if (from < start || from + view->part > limit)
			break;
		at = from + view->part;
	}
	return at;
}

static bool two_regions_can(uint64_t start, uint64_t need_end, uint64_t limit)
{
	for (uint64_t a = 32; a <= 0x20000000; a *= 2) {
		for (uint64_t b = 32; b <= 0x20000000; b *= 2) {
			struct view one = {start / (8 * a) * (8 * a), a};
			struct view two = {(need_end - 1) / (8 * b) * (8 * b), b};
			uint64_t at = view_advance(&one, start, start, limit);

			if (at >= need_end || view_advance(&two, at, start, limit) >= need_end)
				return true;
		}
	}
	return false;
}

static void test_random_large(void)
{
	uint32_t random = 99;

	for (int round = 0; round < 60000; round++) {
		uint32_t bits = 6 + test_random(&random) % 24;
		uint32_t grain = test_random(&random) % bits;
		uint32_t start = test_random(&random) >> grain << grain;
		uint32_t length = (test_random(&random) >> (32 - bits) >> grain << grain) + 1;
		uint32_t slack = test_random_bits(&random) >> (32 - bits);

		if ((uint64_t)start + length + slack > 0xFFFFFFFF || start % 32 != 0)
			start = 0x20000000;
		if (round % 4 == 0)
			length--, slack = 0; /* exact, as for flash */
		if (length == 0)
			continue;
		check_plan(
			start, start + length, start + length + slack,
			two_regions_can(start, start + length, (uint64_t)start + length + slack));
	}
	check_plan(0, 0xFFFFFFFF, 0xFFFFFFFF, false);
	check_plan(0xFFFFFF00, 0xFFFFFFE0, 0xFFFFFFFF, true);
	check_plan(0xF0000000, 0xFFFFFFE0, 0xFFFFFFE0, false);
}

/* ---- placement ---- */

/* The lowest end of any place in the window, by trying every start and limit. */
static uint32_t best_limit(const struct pmsav7_window *window)
{
	uint32_t top = window->end - window->kernel_bytes;
	uint32_t best = UINT32_MAX;

	for (uint32_t start = window->start; start + window->app_bytes <= top; start += 32) {
		uint32_t limit = (start + window->app_bytes + 31) / 32 * 32;

		for (; limit <= top && limit < best; limit += 32) {
			if (two_regions_can(start, start + window->app_bytes, limit))
				best = limit;
		}
	}
	return best;
}

static void check_placement(const struct pmsav7_window *window,
			    const struct pmsav7_placement *placement, uint32_t *random)
{
	uint32_t need_end = placement->start + window->app_bytes;

	TEST_CHECK(placement->start >= window->start && placement->end <= window->end);
	TEST_CHECK(placement->app_limit >= need_end);
	TEST_EQUAL(placement->end, placement->app_limit + window->kernel_bytes);
	check_plan(placement->start, need_end, placement->app_limit, true);
	for (int i = 0; i < 20; i++) { /* every lower break, and every higher limit */
		uint32_t lower = placement->start + test_random(random) % (window->app_bytes + 1);
		uint32_t higher =
			placement->app_limit + test_random(random) % (window->kernel_bytes + 1);

		check_plan(placement->start, lower, higher, true);
	}
}

static void test_place(void)
{
	uint32_t random = 7;
	uint32_t wanted = 0;
	uint32_t taken = 0;

	for (int round = 0; round < 400; round++) {
		uint32_t app_bytes = 1 + test_random(&random) % 12000;
		struct pmsav7_window window = {
			.start = 0x20000000 + test_random(&random) % 1024 * 32,
			.app_bytes = app_bytes,
			.kernel_bytes = test_random(&random) % 3000,
		};
		struct pmsav7_placement placement;

		window.end = window.start + app_bytes * 3 + 4000;
		if (!TEST_CHECK(pmsav7_place_ram(&window, &placement)))
			continue;
		check_placement(&window, &placement, &random);

		TEST_EQUAL(placement.app_limit, best_limit(&window)); /* nothing is wasted */
		wanted += app_bytes;
		taken += placement.app_limit - window.start;
	}
	printf("plan_pmsav7: application memory with its alignment: %u.%u %% more than asked for\n",
	       (taken - wanted) * 100 / wanted, (taken - wanted) * 1000 / wanted % 10);
}

static void test_place_edges(void)
{
	struct pmsav7_placement placement;
	struct pmsav7_window window = {0x20000000, 0x20001400, 5 * 1024, 0, false};

	/* 5 KiB take 5 KiB, wherever there are 5 */
	TEST_CHECK(pmsav7_place_ram(&window, &placement));
	TEST_CHECK(placement.start == 0x20000000 && placement.end == 0x20001400);
	window.app_bytes++;
	TEST_CHECK(!pmsav7_place_ram(&window, &placement));
	window = (struct pmsav7_window){0x20000400, 0x20001800 + 500, 5 * 1024, 500, true};
	TEST_CHECK(pmsav7_place_ram(&window, &placement));
	TEST_CHECK(placement.start == 0x20000400 && placement.end == 0x20001800 + 500);
	window.end--;
	TEST_CHECK(!pmsav7_place_ram(&window, &placement));
	window = (struct pmsav7_window){0x20000010, 0x20001800, 32, 0, true};
	TEST_CHECK(!pmsav7_place_ram(&window, &placement)); /* fixed where no region can begin */
	window.is_fixed = false;
	TEST_CHECK(pmsav7_place_ram(&window, &placement));
	TEST_CHECK(placement.start == 0x20000020 && placement.end == 0x20000040);
	window = (struct pmsav7_window){0x20000001, 0x20000010, 1, 0, false};
	TEST_CHECK(!pmsav7_place_ram(&window, &placement)); /* no region begins in it */
	window = (struct pmsav7_window){0x20000100, 0x20000000, 32, 0, false};
	TEST_CHECK(!pmsav7_place_ram(&window, &placement));
	window = (struct pmsav7_window){0x20000000, 0x20001000, 32, 0x2000, false};
	TEST_CHECK(!pmsav7_place_ram(&window, &placement));
	window = (struct pmsav7_window){0xFFFFFF00, 0xFFFFFFFF, 200, 0, false};
	TEST_CHECK(pmsav7_place_ram(&window, &placement));
	window = (struct pmsav7_window){0x20000000, 0x20400000, 0xFFFFFFFF, 0xFFFFFFFF, false};
	TEST_CHECK(!pmsav7_place_ram(&window, &placement));
}

int main(void)
{
	test_attributes();
	test_encode();
	test_all_small();
	test_random_large();
	test_place();
	test_place_edges();
	return test_end("plan_pmsav7");
}
