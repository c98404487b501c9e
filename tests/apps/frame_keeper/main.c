/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Is lent the frames that frame_taker has: gives the first one back with a letter in it, and goes
 * on using the second one when that is over, which is a fault.
 */
#include "../frame_taker/frame.h"

#include <stdio.h>

#include "detent/loan.h"

static struct loan frame;

/* A frame as it came, but for the first byte. */
static void await(uint8_t first)
{
	unsigned int wrong = 0;
	uint8_t *bytes;

	if (loan_await(&frame) != E_OK) {
		printf("keeper: WRONG: no frame\n");
		return;
	}
	bytes = frame.start;
	for (size_t i = 1; i < frame.length; i++)
		wrong += bytes[i] != FRAME_BYTE(i);
	printf("keeper: %u bytes, %u not as they came\n", (unsigned int)frame.length,
	       wrong + (bytes[0] != first));
}

int main(void)
{
	await(FRAME_BYTE(0));
	*(uint8_t *)frame.start = 'k';
	if (loan_return(frame.id) != E_OK)
		printf("keeper: WRONG: it is not returned\n");
	await('k');
	printf("keeper: ended, why %u\n",
	       (unsigned int)yield_wait_for(DRIVER_LOAN, LOAN_ENDED).arg[1]);
	printf("keeper: still reads %u, WRONG\n", (unsigned int)*(volatile uint8_t *)frame.start);
	return 1;
}
