/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A failed assertion says where, and ends the process with status 134. */
#include <assert.h>
#include <stdio.h>

int main(void)
{
	volatile int three = 3;

	printf("assert_fails: going on\n");
	assert(three == 4);
	printf("assert_fails: came back\n");
	return 1;
}
