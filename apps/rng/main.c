/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Prints sixteen random bytes, three times, and ends. */
#include <stdint.h>
#include <stdio.h>

#include "detent/rng.h"

int main(void)
{
	for (unsigned int round = 0; round < 3; round++) {
		uint8_t bytes[16];
		enum error error = rng_fill(bytes, sizeof(bytes));

		if (error != E_OK) {
			printf("rng: %s\n", error_text(error));
			return 1;
		}
		printf("rng:");
		for (unsigned int i = 0; i < sizeof(bytes); i++)
			printf(" %02x", bytes[i]);
		printf("\n");
	}
	printf("rng: done\n");
	return 0;
}
