/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Asks what to do, does its part, and ends. */
#include "detent/timer.h"
#include "order.h"

enum { TURN_MS = 1 /* for the survivor to do its part */ };

static uint32_t await_news(uint32_t state)
{
	for (;;) {
		struct command_return news = command(DRIVER_CONNECTION, NEWS, 0, 0);

		if (news.value[0] == 0)
			(void)yield_wait_for(DRIVER_CONNECTION, UPCALL_NEWS);
		else if ((news.value[1] & 0xFF) == state)
			return news.value[0];
	}
}

static void be_client(uint32_t handle, enum step step)
{
	if (step == STEP_OFFERED)
		(void)connect_to("survivor", OTHER);
	if (step >= STEP_WAITS)
		(void)call(REQUEST, handle, 1);
	(void)sleep_ms(TURN_MS);
	if (step == STEP_ABANDONED)
		(void)call(CANCEL, handle, 0);
}

static void be_service(enum step step)
{
	uint32_t handle;

	allow_ro(DRIVER_CONNECTION, 0, (struct allowed_const){"victim", 6}, NULL);
	(void)call(LISTEN, 0, 0);
	handle = await_news(STATE_OFFERED);
	if (step >= STEP_OPEN)
		(void)call(ACCEPT, handle, 0);
	if (step >= STEP_SERVED) {
		(void)call(READY, 0, 0);
		(void)yield_wait_for(DRIVER_CONNECTION, UPCALL_REQUEST);
	}
	if (step == STEP_ANSWERED)
		(void)call(ANSWER, handle, 1);
}

int be_victim(void)
{
	uint32_t handle;
	struct order order = {0};

	/* Not at once: in the place of the old connection the new one would be all that is told. */
	do
		(void)sleep_ms(TURN_MS);
	while ((handle = connect_to("survivor", CONTROL)) == 0);
	(void)await_news(STATE_OPEN);
	allow_rw(DRIVER_CONNECTION, IN + CONTROL, (struct allowed){&order, sizeof(order)}, NULL);
	(void)call(REQUEST, handle, 0);
	(void)yield_wait_for(DRIVER_CONNECTION, CONTROL);
	if (order.serves != 0)
		be_service((enum step)order.step);
	else
		be_client(handle, (enum step)order.step);
	(void)sleep_ms(2 * TURN_MS);
	if (order.way == CRASHES)
		__builtin_trap();
	if (order.way == RESTARTS)
		process_restart(0);
	return 0;
}
