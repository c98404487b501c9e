/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMP planner against a model of the hardware that knows only pmpcfg bytes and
 * pmpaddr registers (Privileged Architecture, section 3.7.1).
 *
 * LINK: arch/riscv/pmp_plan.c
 */
#include "pmp_plan.h"
#include "test.h"

#include <string.h>

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

enum { NUMBERS = 2 * ARCH_WINDOWS + 5 };

/* What is asked for, from its numbers in order: windows, flash, RAM. */
static struct pmp_need need_of(const uint32_t *number)
{
	struct pmp_need need;

	for (int i = 0; i < ARCH_WINDOWS; i++)
		need.windows[i] = (struct pmp_piece){number[2 * i], number[2 * i + 1],
						     (uint8_t)(8 + (number[i] >> 2 & 7))};
	number += 2 * ARCH_WINDOWS;
	need.flash_start = number[0];
	need.code_end = number[1];
	need.flash_end = number[2];
	need.ram_start = number[3];
	need.ram_end = number[4];
	return need;
}

static bool is_range(uint32_t start, uint32_t end)
{
	return (start & 3) == 0 && (end & 3) == 0 && start <= end;
}

static bool is_possible(const struct pmp_need *need)
{
	for (int i = 0; i < ARCH_WINDOWS; i++)
		if (!is_range(need->windows[i].start, need->windows[i].end))
			return false;
	return is_range(need->flash_start, need->code_end) &&
	       is_range(need->code_end, need->flash_end) &&
	       is_range(need->ram_start, need->ram_end);
}

/* R, W and X, bits 0 to 2, that the process is to have there. */
static int wanted(const struct pmp_need *need, uint64_t byte)
{
	for (int i = 0; i < ARCH_WINDOWS; i++)
		if (byte >= need->windows[i].start && byte < need->windows[i].end)
			return need->windows[i].config & 7;
	if (byte >= need->flash_start && byte < need->code_end)
		return 5;
	if (byte >= need->code_end && byte < need->flash_end)
		return 1;
	return byte >= need->ram_start && byte < need->ram_end ? 3 : 0;
}

/* The byte before each number, and the one there. */
static void check_process(const uint32_t *number)
{
	const struct pmp_need need = need_of(number);
	struct pmp_entries entries, before;
	bool possible = is_possible(&need);

	memset(&entries, 0xA5, sizeof(entries));
	before = entries;
	TEST_EQUAL(pmp_plan_process(&need, &entries), possible);
	TEST_CHECK(memcmp(entries.config + PMP_PROCESS_ENTRIES, before.config + PMP_PROCESS_ENTRIES,
			  sizeof(entries.config) - PMP_PROCESS_ENTRIES) == 0);
	if (!possible) {
		TEST_CHECK(memcmp(&entries, &before, sizeof(entries)) == 0);
		return;
	}
	for (int i = 0; i < 2 * NUMBERS; i++) {
		uint64_t byte = (uint64_t)number[i / 2] - (uint64_t)(i % 2);
		int match = first_match(entries.config, entries.address, PMP_PROCESS_ENTRIES, byte);

		if (byte >> 32 == 0)
			TEST_EQUAL(match < 0 ? 0 : entries.config[match] & 7, wanted(&need, byte));
	}
	for (int i = 0; i < PMP_PROCESS_ENTRIES; i++)
		TEST_EQUAL(entries.config[i] & PMP_CFG_LOCK, 0);
}

/* Numbers close together, so that pieces touch, are empty, lie in each other, or are no multiples of 4. */
static void check_processes(void)
{
	uint32_t random = 9;

	for (int round = 0; round < 1000000; round++) {
		uint32_t number[NUMBERS];
		uint32_t base = round % 3 == 0   ? 0xFFFFFFC0
				: round % 3 == 1 ? 0
						 : test_random(&random) & ~63u;

		for (int i = 0; i < NUMBERS; i++) {
			number[i] = base + (test_random(&random) & (round % 16 == 0 ? 63 : 60));
			if (i % 2 == 1 && i < 2 * ARCH_WINDOWS && number[i] < number[i - 1])
				number[i] = number[i - 1];
			if (i > 2 * ARCH_WINDOWS && i != NUMBERS - 2 && number[i] < number[i - 1] &&
			    round % 8 != 0)
				number[i] = number[i - 1];
		}
		check_process(number);
	}
}

static void check_ram(uint32_t start, uint32_t need_end, uint32_t limit, uint32_t granule)
{
	uint64_t rounded = ((uint64_t)need_end + granule - 1) / granule * granule;
	uint64_t top = limit & ~3u;
	bool possible = (start & 3) == 0 && start <= need_end && need_end <= top && need_end != 0;
	uint32_t end = pmp_plan_ram(start, need_end, limit, granule);

	TEST_EQUAL(end, !possible ? 0 : rounded < top ? rounded : top);
	if (possible)
		TEST_CHECK(end >= need_end && end <= limit);
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

	check_processes();
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
	}
	check_ram(0xFFFFFF00, 0xFFFFFFFC, 0xFFFFFFFF, 4096);
	check_ram(0xFFFFFF00, 0xFFFFFFFD, 0xFFFFFFFF, 4);
	check_ram(0, 1, 0xFFFFFFFF, 0x80000000);
	return test_end("plan_pmp");
}
