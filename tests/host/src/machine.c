/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who has the processor: the test, the kernel, or code of an application. The
 * kernel runs on a stack of its own and hands over where it waits for an
 * interrupt or where a scripted process has nothing to do.
 */
#include "state.h"

#include "trusted/chip.h"
#include "trusted/kernel.h"

#include <stdlib.h>
#include <string.h>

struct host_state host;

enum { KERNEL_STACK = 512 * 1024 };

/* linker_stack_start and linker_stack_end enclose it. */
uint8_t host_kernel_stack[KERNEL_STACK] __attribute__((aligned(16)));

void host_yield_to_test(enum host_stop stop)
{
	host.stop = stop;
	fiber_switch(&host.kernel, &host.test);
}

/* A condition that was met is not asked again. */
static bool condition_holds(void)
{
	if (host.condition == NULL)
		return false;
	if (!host.met)
		host.met = host.condition->holds(host.condition);
	return host.met;
}

void host_idle(void)
{
	if (chip_interrupt_pending())
		return;
	host_yield_to_test(condition_holds() ? STOP_CONDITION : STOP_IDLE);
}

struct host_app *host_app_of(const struct process *process)
{
	for (uint32_t i = 0; i < host.app_count; i++)
		if (host.apps[i].flash_start == process->flash_start)
			return &host.apps[i];
	return NULL;
}

/* A process that the test did not make through host_*_add() does nothing but run. */
static struct host_app *stranger(void)
{
	static struct host_app app;

	app = (struct host_app){.name = "a process that the test does not know"};
	return &app;
}

static void interrupt(struct host_trap *trap)
{
	*trap = (struct host_trap){.kind = HOST_TRAP_INTERRUPT};
}

/* An upcall that was pushed has begun: what it returns to is where it goes on. */
static void begin_upcall(struct host_app *app, struct process *process)
{
	app->in_upcall = process->context.upcall_pushed;
	process->context.upcall_pushed = false;
}

static void scripted_run(struct host_app *app, struct process *process, struct host_trap *trap)
{
	if (process->context.upcall_pushed)
		begin_upcall(app, process);
	while (!app->has_step) {
		host.parked = app;
		host_yield_to_test(STOP_PARKED);
		if (host.preempt || chip_interrupt_pending()) {
			host.slice_over = host.preempt;
			host.preempt = false;
			interrupt(trap);
			return;
		}
	}
	*trap = app->step;
	app->has_step = false;
	if (app->in_upcall)
		process->context.pc = process->context.lr;
	app->in_upcall = false;
}

void host_user_run(struct process *process, struct host_trap *trap)
{
	struct host_app *app = host_app_of(process);

	if (condition_holds())
		host_yield_to_test(STOP_CONDITION);
	if (chip_interrupt_pending()) {
		interrupt(trap);
		return;
	}
	if (app == NULL)
		app = stranger();
	app->process = process;
	if (app->image != NULL)
		host_compiled_run(app, process, trap);
	else
		scripted_run(app, process, trap);
	host.calls++;
	host.now_us += trap->kind == HOST_TRAP_SYSCALL ? host.config.syscall_us : 0;
}

enum host_stop host_go(void)
{
	if (!host.booted) {
		host.booted = true;
		fiber_init(&host.kernel, host_kernel_stack, sizeof(host_kernel_stack),
			   host_board_main);
	}
	if (host.ended)
		return STOP_ENDED;
	fiber_switch(&host.test, &host.kernel);
	return host.stop;
}

static bool can_run(const struct process *process)
{
	if (process->state == PROCESS_RUNNING)
		return true;
	return process->ready &&
	       (process->state == PROCESS_YIELDED || process->state == PROCESS_YIELDED_FOR);
}

/* A scripted process that only computes needs no turn, unless the test asks for it. */
static bool needs_a_turn(const struct process *process, const struct host_app *wanted)
{
	const struct host_app *app = host_app_of(process);

	if (app == NULL || app == host.parked || !can_run(process))
		return false;
	return app == wanted || app->image != NULL || app->has_step ||
	       process->state != PROCESS_RUNNING;
}

static bool somebody_waits(const struct host_app *wanted)
{
	for (uint32_t i = 0; i < board.process_count; i++)
		if (needs_a_turn(&board.processes[i], wanted))
			return true;
	return false;
}

/*
 * Where others wait for the processor, a scripted process that has nothing to do
 * is made to use its timeslice up. When a whole round of that brought no system
 * call, nothing more happens.
 */
enum host_stop host_settle(struct host_app *app)
{
	uint64_t calls = host.calls;
	uint32_t rounds = 0;

	for (;;) {
		enum host_stop stop = host_go();

		if (stop != STOP_PARKED || (app != NULL && host.parked == app))
			return stop;
		if (!somebody_waits(app))
			return stop;
		if (host.calls != calls)
			rounds = 0;
		else if (++rounds > host.config.process_slots)
			return stop;
		/* The interrupt that ends the timeslice is a trap too. */
		calls = host.calls + 1;
		host.preempt = true;
	}
}

struct host_app *host_running(void)
{
	host_run();
	return host.stop == STOP_PARKED ? host.parked : NULL;
}

void board_end(uint32_t status)
{
	host.status = status;
	host.ended = true;
	for (;;)
		host_yield_to_test(STOP_ENDED);
}

void board_reset(void)
{
	host.restarting = true;
	board_end(0);
}

bool host_ended(uint32_t *status)
{
	*status = host.status;
	return host.ended;
}

static void must_run(enum host_stop stop)
{
	if (stop == STOP_ENDED)
		host_give_up("the kernel ended with status %u", host.status);
}

void host_run(void)
{
	must_run(host_settle(NULL));
}

uint32_t host_run_to_end(void)
{
	uint64_t when;

	while (host_settle(NULL) != STOP_ENDED) {
		if (!host_next_event(&when))
			host_give_up("the kernel does not end");
		host_arrive(when);
	}
	return host.status;
}

uint64_t host_now_us(void)
{
	return host.now_us;
}

void host_advance_us(uint64_t us)
{
	uint64_t end = host.now_us + us;
	uint64_t when;

	host_run();
	while (host_next_event(&when) && when <= end) {
		host_arrive(when);
		host_run();
	}
	if (host.now_us < end)
		host.now_us = end;
	host_run();
}

void host_advance_ms(uint64_t ms)
{
	host_advance_us(ms * 1000);
}

static void run_until(void)
{
	const uint64_t hour_us = UINT64_C(3600000000);
	const uint64_t limit = host.now_us + hour_us;

	for (;;) {
		uint64_t when;
		enum host_stop stop = host_settle(NULL);

		if (condition_holds())
			return;
		must_run(stop);
		if (!host_next_event(&when))
			host_give_up("nothing more will happen, and this did not: %s",
				     host.condition->text);
		if (when > limit)
			host_give_up("this did not happen in an hour: %s", host.condition->text);
		host_arrive(when);
	}
}

void host_run_until(struct host_condition condition)
{
	host.condition = &condition;
	host.met = false;
	run_until();
	host.condition = NULL;
}
