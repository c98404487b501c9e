/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Touches a buffer that a driver has: the process is stopped with status 134. */
#include <stdio.h>

#include "detent/share.h"

int main(void)
{
	OWNED_BUFFER(buffer, 8);

	if (owned_lend(&buffer, DRIVER_CONSOLE, 1) != E_OK)
		return 1;
	printf("owned_misuse: touching a lent buffer\n");
	owned_bytes(&buffer)[0] = 1;
	printf("owned_misuse: came back\n");
	return 2;
}
