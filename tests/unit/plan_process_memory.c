/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The process memory against a model in 64-bit numbers, through random lives.
 *
 * LINK: kernel/src/process_memory.c
 */
#include "test.h"
#include "trusted/process_memory.h"

#include <string.h>

static void check_order(const struct process_memory *m)
{
	TEST_CHECK(m->ram_start <= m->high_water && m->high_water <= m->app_break);
	TEST_CHECK(m->app_break <= m->grant_break && m->grant_break <= m->ram_end);
}

static void step_grant(struct process_memory *m, uint32_t random)
{
	const struct process_memory before = *m;
	uint32_t size = random >> 8 & 0x1FF;
	uint32_t align = 1u << (random >> 20 & 7);
	int64_t at = ((int64_t)before.grant_break - size) & -(int64_t)align;
	uptr_t address = 12345;

	if (at < before.app_break) {
		TEST_EQUAL(process_memory_grant_alloc(m, size, align, &address), E_NOMEM);
		TEST_CHECK(memcmp(&before, m, sizeof(before)) == 0 && address == 12345);
		return;
	}
	TEST_EQUAL(process_memory_grant_alloc(m, size, align, &address), E_OK);
	TEST_EQUAL(address, at);
	TEST_EQUAL(m->grant_break, at);
	TEST_EQUAL(m->app_break, before.app_break);
}

static void step_break(struct process_memory *m, int64_t target, int32_t delta, int use_delta)
{
	const struct process_memory before = *m;
	uptr_t old_break = 12345;
	int64_t to = use_delta ? (int64_t)before.app_break + delta : target;
	bool possible = to >= before.high_water && to <= before.grant_break;
	enum error error = use_delta ? process_memory_sbrk(m, delta, &old_break)
				     : process_memory_brk(m, (uptr_t)target);

	TEST_EQUAL(error, possible ? E_OK : E_NOMEM);
	TEST_EQUAL(m->app_break, possible ? to : before.app_break);
	if (use_delta)
		TEST_EQUAL(old_break, possible ? before.app_break : 12345);
	TEST_EQUAL(m->high_water, before.high_water);
	TEST_EQUAL(m->grant_break, before.grant_break);
}

static void step_allow(struct process_memory *m, uint32_t end)
{
	uint32_t before = m->high_water;
	bool possible = end >= m->ram_start && end <= m->app_break;

	TEST_EQUAL(process_memory_allow(m, end), possible ? E_OK : E_INVAL);
	TEST_EQUAL(m->high_water, possible && end > before ? end : before);
}

static void live(uint32_t ram_start, uint32_t size, uint32_t *random)
{
	struct process_memory m;

	TEST_EQUAL(process_memory_init(&m, ram_start, ram_start + size, ram_start + size / 4),
		   E_OK);
	for (int i = 0; i < 100; i++) {
		uint32_t choice = test_random(random);
		uint32_t near = ram_start + test_random(random) % (size + 64) - 32;

		switch (choice % 4) {
		case 0:
			step_break(&m, near, 0, 0);
			break;
		case 1:
			step_break(&m, 0, (int32_t)(test_random(random) % size) - (int32_t)size / 2,
				   1);
			break;
		case 2:
			step_grant(&m, choice);
			break;
		default:
			if (choice % 3 == 0)
				step_allow(&m, near);
		}
		check_order(&m);
	}
	step_break(&m, 0, INT32_MIN, 1);
	step_break(&m, 0, INT32_MAX, 1);
	step_break(&m, 0, 0, 0);
	step_break(&m, 0xFFFFFFFF, 0, 0);
}

int main(void)
{
	uint32_t random = 17;
	struct process_memory m = {1, 2, 3, 4, 5};
	uptr_t address;

	TEST_EQUAL(process_memory_init(&m, 100, 200, 99), E_NOMEM);
	TEST_EQUAL(process_memory_init(&m, 100, 200, 201), E_NOMEM);
	TEST_EQUAL(process_memory_init(&m, 200, 100, 150), E_NOMEM);
	TEST_CHECK(m.ram_start == 1 && m.grant_break == 4);
	TEST_EQUAL(process_memory_init(&m, 100, 200, 150), E_OK);
	TEST_CHECK(m.ram_start == 100 && m.high_water == 100 && m.app_break == 150);
	TEST_CHECK(m.grant_break == 200 && m.ram_end == 200);
	TEST_EQUAL(process_memory_init(&m, 100, 200, 200), E_OK);
	TEST_EQUAL(process_memory_grant_alloc(&m, 0, 1, &address), E_OK);
	TEST_EQUAL(address, 200);
	TEST_EQUAL(process_memory_grant_alloc(&m, 1, 1, &address), E_NOMEM);
	TEST_EQUAL(process_memory_grant_alloc(&m, 0xFFFFFFFF, 4, &address), E_NOMEM);
	for (int i = 0; i < 20000; i++) {
		uint32_t size = 64 + test_random(&random) % 8192;

		live(0x20000000 + test_random(&random) % 4096, size, &random);
		size = 1024 + test_random(&random) % 0xF000;
		live(0xFFFF0000, size, &random);
		size = 1024 + test_random(&random) % 8192;
		live(64, size, &random);
	}
	return test_end("plan_process_memory");
}
