/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "moved.h"

const char *const moved_words[] = {"alpha", "beta", "gamma"};
int moved_array[FAR_LENGTH];
const int *const moved_pointer = &moved_array[FAR_LENGTH - 1];

__attribute__((constructor)) static void fill(void)
{
	for (int i = 0; i < FAR_LENGTH; i++)
		moved_array[i] = 1;
}

int moved_double(int number)
{
	return 2 * number;
}

int moved_square(int number)
{
	return number * number;
}

int moved_sum(void)
{
	int sum = 0;

	for (int i = 0; i < FAR_LENGTH; i++)
		sum += moved_array[i];
	return sum;
}

/* Through a volatile, so that it stays a jump table. */
int moved_choose(int number)
{
	volatile int one = 1;

	switch (number) {
	case 0:
		return one;
	case 1:
		return one + 1;
	case 2:
		return one * 5;
	case 3:
		return one + 9;
	case 4:
		return 17 * one;
	case 5:
		return 27 - one;
	case 6:
		return 38 - one;
	default:
		return -one;
	}
}
