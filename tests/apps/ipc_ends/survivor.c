/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Gives the orders, goes along, and looks at what the end of the other one leaves. */
#include <stdio.h>

#include "detent/timer.h"
#include "order.h"

static uint32_t control, target;         /* handles; of the victim's questions, and looked at */
static uint32_t offered, opened;         /* the last that were told of */
static uint32_t control_end, target_end; /* reasons; 0: they live */
static struct upcall_values answer;
static unsigned int answers, checked, wrong;

static void must(bool holds, const struct order *order, const char *what)
{
	checked++;
	if (holds)
		return;
	wrong++;
	printf("ipc_ends: WRONG: %s, step %u, way %u: %s\n", order->serves ? "service" : "client",
	       (unsigned int)order->step, (unsigned int)order->way, what);
}

static void answered(uint32_t status, uint32_t length, uint32_t handle, void *context)
{
	(void)context;
	answer = (struct upcall_values){{status, length, handle}};
	answers++;
}

/* ---- news ---- */

static void hear(void)
{
	for (;;) {
		struct command_return news = command(DRIVER_CONNECTION, NEWS, 0, 0);
		uint32_t handle = news.value[0], state = news.value[1] & 0xFF;

		if (handle == 0)
			return;
		if (state == STATE_OFFERED)
			offered = handle;
		else if (state == STATE_OPEN)
			opened = handle;
		if (state == STATE_ENDED && handle == control)
			control_end = news.value[1] >> 8;
		if (state == STATE_ENDED && handle == target)
			target_end = news.value[1] >> 8;
	}
}

/* What is told of: a handle, or a reason. */
static void await(const uint32_t *told)
{
	for (hear(); *told == 0; hear())
		(void)yield_wait_for(DRIVER_CONNECTION, UPCALL_NEWS);
}

static void serve_one(void)
{
	(void)call(READY, 0, 0);
	(void)yield_wait_for(DRIVER_CONNECTION, UPCALL_REQUEST);
}

/* ---- orders ---- */

static void give(const struct order *order)
{
	await(&offered);
	control = offered;
	offered = opened = 0;
	control_end = target_end = 0;
	target = 0;
	must(call(ACCEPT, control, 0) == E_OK, order, "its next life connects");
	serve_one();
	allow_ro(DRIVER_CONNECTION, OUT_ANSWER, (struct allowed_const){order, sizeof(*order)},
		 NULL);
	must(call(ANSWER, control, sizeof(*order)) == E_OK, order, "and asks");
}

/* The victim is the client of this process. */
static void go_along_as_service(const struct order *order)
{
	target = control;
	if (order->step == STEP_OFFERED) {
		await(&offered);
		target = offered;
		offered = 0;
	}
	if (order->step >= STEP_SERVED)
		serve_one();
	if (order->step == STEP_ANSWERED)
		must(call(ANSWER, target, 1) == E_OK, order, "an answer goes");
}

static void go_along_as_client(const struct order *order)
{
	while ((target = connect_to("victim", 0)) == 0)
		(void)sleep_ms(1);
	if (order->step >= STEP_OPEN)
		await(&opened);
	if (order->step >= STEP_WAITS)
		must(call(REQUEST, target, 1) == E_OK, order, "a request goes");
	if (order->step != STEP_ABANDONED)
		return;
	(void)sleep_ms(1);
	must(call(CANCEL, target, 0) == E_OK, order, "it is cancelled");
}

/* ---- what is left ---- */

static void look_as_service(const struct order *order)
{
	must(call(ANSWER, target, 1) == E_UNINSTALLED, order, "nobody is answered");
	must(call(ACCEPT, target, 0) == E_UNINSTALLED, order, "nobody is accepted");
	must(answers == 0, order, "nobody has answered");
}

/* A request that was not over is answered, once, by the kernel. */
static void look_as_client(const struct order *order)
{
	bool asked = order->step == STEP_WAITS || order->step == STEP_SERVED;
	bool told = asked || order->step == STEP_ANSWERED;

	must(answers == (told ? 1 : 0), order, "one answer, or none");
	if (told)
		must(answer.arg[0] == (uint32_t)(asked ? E_UNINSTALLED : E_OK) &&
			     answer.arg[1] == (asked ? 0 : 1) && answer.arg[2] == target,
		     order, "the answer says what came of it");
	must(call(REQUEST, target, 0) == E_UNINSTALLED, order, "no other request goes");
}

static void end_at(const struct order *order)
{
	answers = 0;
	give(order);
	if (order->serves != 0)
		go_along_as_client(order);
	else
		go_along_as_service(order);
	await(&control_end);
	if (target == control)
		target_end = control_end;
	while (yield_no_wait())
		;
	must(control_end == DIED && target_end == DIED, order, "it is told that it died");
	must(call(PEER, target, 0) == E_INVAL, order, "nobody is on the other side");
	if (order->serves != 0)
		look_as_client(order);
	else
		look_as_service(order);
	must(call(CLOSE, target, 0) == E_OK, order, "it can be closed");
}

int be_survivor(void)
{
	struct order order = {0, 0, 0};

	subscribe(DRIVER_CONNECTION, 0, (struct subscription){answered, NULL}, NULL);
	for (order.serves = 0; order.serves < 2; order.serves++) {
		for (uint32_t way = CRASHES; way <= RESTARTS; way++) {
			order.way = way;
			for (order.step = 0; order.step < STEPS; order.step++)
				end_at(&order);
		}
		printf("ipc_ends: ended as %s\n", order.serves ? "service" : "client");
	}
	order = (struct order){.step = STEP_SERVED, .way = TERMINATES};
	for (order.serves = 0; order.serves < 2; order.serves++) {
		end_at(&order);
		printf("ipc_ends: terminated\n");
	}
	printf("ipc_ends: %u checked, %u wrong\n", checked, wrong);
	return 0;
}
