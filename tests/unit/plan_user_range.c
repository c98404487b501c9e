/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The user-range check against the sum in 64 bits, at every kind of edge.
 *
 * LINK: kernel/src/user_range.c
 */
#include "test.h"
#include "user_range.h"

static const uint32_t edges[] = {
	0,   1,   2,          99,         100,        101,        150,        199,
	200, 201, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFF00, 0xFFFFFFFE, 0xFFFFFFFF};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static void check(uint32_t start, uint32_t end, uint32_t base, uint32_t length)
{
	const struct user_range range = {start, end};
	bool inside = length == 0 || (base >= start && (uint64_t)base + length <= end);

	TEST_EQUAL(user_range_contains(&range, base, length), inside);
}

int main(void)
{
	uint32_t random = 11;

	for (int s = 0; s < EDGES; s++)
		for (int e = 0; e < EDGES; e++)
			for (int b = 0; b < EDGES; b++)
				for (int l = 0; l < EDGES; l++)
					check(edges[s], edges[e], edges[b], edges[l]);
	for (uint32_t i = 0; i < 1000000; i++) {
		uint32_t bits = test_random(&random) % 28;
		uint32_t start = test_random(&random);
		uint32_t size = test_random(&random) >> bits;
		uint32_t base = start + (test_random(&random) >> bits) - 2;

		check(start, start + size, base, test_random(&random) >> bits);
	}
	return test_end("plan_user_range");
}
