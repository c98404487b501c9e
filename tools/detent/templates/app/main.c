/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdio.h>

#include "detent/syscall.h"
#include "detent/timer.h"

static void ticked(struct timer *timer, void *context)
{
	unsigned int *count = context;

	(void)timer;
	*count += 1;
	printf("@NAME@: %u s\n", *count);
}

int main(void)
{
	static struct timer timer;
	unsigned int count = 0;
	enum error error = timer_every_ms(&timer, 1000, ticked, &count);

	if (error != E_OK) {
		printf("@NAME@: no timer: %s\n", error_text(error));
		return 1;
	}
	printf("@NAME@: started\n");
	while (count < 3)
		yield();
	timer_cancel(&timer);
	return 0;
}
