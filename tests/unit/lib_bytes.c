/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: lib/bytes.c */
#include "lib/bits.h"
#include "lib/bytes.h"
#include "test.h"

static void test_little_endian(void)
{
	static const uint8_t bytes[5] = {0x99, 0x78, 0x56, 0x34, 0xF2};
	uint8_t out[6] = {1, 1, 1, 1, 1, 1};

	TEST_EQUAL(le16_load(bytes + 1), 0x5678);
	TEST_EQUAL(le32_load(bytes + 1), 0xF2345678);
	le32_store(out + 1, 0xF2345678);
	TEST_CHECK(out[0] == 1 && out[1] == 0x78 && out[2] == 0x56 && out[3] == 0x34);
	TEST_CHECK(out[4] == 0xF2 && out[5] == 1);
	le16_store(out, 0xABCD);
	TEST_CHECK(out[0] == 0xCD && out[1] == 0xAB && out[2] == 0x56);
}

static void test_compare(void)
{
	uint8_t a[4] = {0, 0, 7, 7};
	uint8_t b[4] = {0, 0, 7, 8};

	TEST_CHECK(bytes_equal_constant_time(a, b, 0));
	TEST_CHECK(bytes_equal_constant_time(a, b, 3));
	TEST_CHECK(!bytes_equal_constant_time(a, b, 4));
	for (unsigned int at = 0; at < 2; at++) { /* every pair of bytes, first and second place */
		for (unsigned int i = 0; i < 65536; i++) {
			a[at] = (uint8_t)i;
			b[at] = (uint8_t)(i >> 8);
			TEST_CHECK(bytes_equal_constant_time(a, b, 2) == (a[at] == b[at]));
		}
		a[at] = b[at];
	}
}

static void test_bits(void)
{
	unsigned int powers = 0;

	for (uint32_t value = 0; value < 100000; value++)
		powers += bits_is_power_of_two(value);
	TEST_EQUAL(powers, 17);
	TEST_CHECK(bits_is_power_of_two(0x80000000) && !bits_is_power_of_two(0xFFFFFFFF));
	for (uint32_t value = 0; value < 300; value++) {
		for (uint32_t step = 1; step < 70; step++) {
			uint32_t down = bits_round_down(value, step);
			uint32_t up = bits_round_up(value, step);

			TEST_CHECK(down % step == 0 && down <= value && value - down < step);
			TEST_CHECK(up % step == 0 && up >= value && up - value < step);
		}
	}
	TEST_EQUAL(bits_round_up(0xFFFFFFE0, 32), 0xFFFFFFE0);
	TEST_EQUAL(bits_round_down(0xFFFFFFFF, 32), 0xFFFFFFE0);
}

int main(void)
{
	test_little_endian();
	test_compare();
	test_bits();
	return test_end("lib_bytes");
}
