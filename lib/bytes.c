/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/bytes.h"

bool bytes_equal_constant_time(const uint8_t *left, const uint8_t *right, size_t length)
{
	const volatile uint8_t *a = left; /* volatile: the compiler may not stop early */
	const volatile uint8_t *b = right;
	uint8_t difference = 0;

	/*@ loop invariant 0 <= i <= length;
	    loop assigns i, difference;
	    loop variant length - i;
	*/
	for (size_t i = 0; i < length; i++)
		difference = (uint8_t)(difference | (a[i] ^ b[i]));
	return difference == 0;
}
