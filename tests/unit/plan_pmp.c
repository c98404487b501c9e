/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMP planner against a model of the hardware that knows only pmpcfg bytes and
 * pmpaddr registers (Privileged Architecture, section 3.7.1).
 *
 * LINK: arch/riscv/pmp_plan.c
 */
#include "pmp_plan.h"
#include "test.h"

/* Which of the entries matches a byte first; -1: none. */
static int first_match(const uint8_t *cfg, const pmp_addr_t *address, int count, uint64_t byte)
{
	for (int i = 0; i < count; i++) {
		uint64_t low = i == 0 ? 0 : (uint64_t)address[i - 1] << 2;
		uint64_t high = (uint64_t)address[i] << 2;
		unsigned int ones = 0;

		switch (cfg[i] >> 3 & 3) {
		case 1: /* TOR */
			if (byte >= low && byte < high)
				return i;
			break;
		case 2: /* NA4 */
			if (byte >> 2 == address[i])
				return i;
			break;
		case 3: /* NAPOT */
			while ((address[i] >> ones & 1) != 0)
				ones++;
			if (byte >> (ones + 3) == high >> (ones + 3))
				return i;
			break;
		default:
			break;
		}
	}
	return -1;
}

static void check_range(uint32_t start, uint32_t end)
{
	struct pmp_range range = {7, 7, 7, 7};
	bool possible = (start & 3) == 0 && (end & 3) == 0 && start <= end;

	TEST_EQUAL(pmp_plan_range(start, end, PMP_RX, &range), possible);
	if (!possible) {
		TEST_CHECK(range.low == 7 && range.high == 7 && range.cfg_low == 7);
		return;
	}

	/* with another range's entry before it, as in a real table */
	uint8_t cfg[3] = {0, range.cfg_low, range.cfg_high};
	pmp_addr_t address[3] = {0, range.low, range.high};

	TEST_EQUAL(range.cfg_high, 0x0D); /* TOR, X, R, not locked */
	for (int step = 0; step < 4; step++) {
		uint64_t byte = (step < 2 ? (uint64_t)start : end) + (uint64_t)(step % 2) - 1;

		if (byte >> 32 == 0)
			TEST_EQUAL(first_match(cfg, address, 3, byte),
				   byte >= start && byte < end ? 2 : -1);
	}
}

static void check_ram(uint32_t start, uint32_t need_end, uint32_t limit, uint32_t granule)
{
	uint64_t rounded = ((uint64_t)need_end + granule - 1) / granule * granule;
	uint64_t top = limit & ~3u;
	bool possible = (start & 3) == 0 && start <= need_end && need_end <= top && need_end != 0;
	uint32_t end = pmp_plan_ram(start, need_end, limit, granule);

	TEST_EQUAL(end, !possible ? 0 : rounded < top ? rounded : top);
	if (possible) {
		TEST_CHECK(end >= need_end && end <= limit);
		check_range(start, end);
	}
}

/* The first start that will do, tried one byte after the other; its size is as large as it may be. */
static bool search_place(const struct pmp_window *window, struct pmp_placement *best)
{
	uint64_t need = (uint64_t)window->app_bytes + window->kernel_bytes;
	uint64_t rounded = (need + window->granule - 1) / window->granule * window->granule;
	uint64_t end = (uint64_t)window->start + window->size;

	for (uint64_t start = window->start; start <= end; start++) {
		uint64_t most = rounded < end - start ? rounded : end - start;

		if ((start & 3) != 0 || (!window->is_fixed && start % window->granule != 0))
			continue;
		*best = (struct pmp_placement){(uint32_t)start, (uint32_t)(most >> 3 << 3)};
		return best->size >= need;
	}
	return false;
}

static void check_place(const struct pmp_window *window)
{
	struct pmp_placement found = {7, 7};
	struct pmp_placement best = {9, 9};
	bool possible = search_place(window, &best);
	bool placed = pmp_place_ram(window, &found);

	if (window->is_fixed && best.start != window->start)
		possible = false;
	TEST_EQUAL(placed, possible);
	if (placed)
		TEST_CHECK(found.start == best.start && found.size == best.size);
}

/* Every small window, and the same at the end of the address space. */
static void check_places(void)
{
	for (uint32_t start = 0; start < 20; start++)
		for (uint32_t size = 0; size < 44; size++)
			for (uint32_t number = 0; number < 14 * 14 * 4; number++) {
				struct pmp_window window = {
					.start = start,
					.size = size,
					.app_bytes = number % 14 * 3,
					.kernel_bytes = number / 14 % 14,
					.granule = 4u << (number / 196 & 1) * 2,
					.is_fixed = number / 392 != 0,
				};

				check_place(&window);
				window.start = UINT32_MAX - size - start;
				check_place(&window);
			}
}

int main(void)
{
	uint32_t random = 5;

	check_places();

	for (uint32_t start = 0; start < 70; start++)
		for (uint32_t end = 0; end < 70; end++)
			check_range(start, end);
	for (uint32_t granule = 4; granule <= 64; granule *= 2)
		for (uint32_t start = 0; start < 24; start++)
			for (uint32_t need_end = 0; need_end < 80; need_end++)
				for (uint32_t limit = 0; limit < 100; limit += 1 + limit / 16)
					check_ram(start, need_end, limit, granule);
	for (int round = 0; round < 300000; round++) {
		uint32_t start = test_random(&random) & (round % 8 == 0 ? 0xFFFFFFFF : 0xFFFFFFFC);
		uint32_t need_end = start + test_random_bits(&random);
		uint32_t granule = 4u << test_random(&random) % 13;

		check_ram(start, need_end, need_end + test_random(&random) % 9000, granule);
		check_range(start & ~3u, need_end & ~3u);
	}
	check_ram(0xFFFFFF00, 0xFFFFFFFC, 0xFFFFFFFF, 4096);
	check_ram(0xFFFFFF00, 0xFFFFFFFD, 0xFFFFFFFF, 4);
	check_ram(0, 1, 0xFFFFFFFF, 0x80000000);
	return test_end("plan_pmp");
}
