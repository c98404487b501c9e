/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "main_loop.h"

#include "deferred_private.h"
#include "greeting.h"
#include "kernel/assert.h"
#include "kernel/log.h"
#include "loader.h"
#include "process.h"
#include "report.h"
#include "scheduler.h"
#include "trusted/chip.h"
#include "trusted/trace.h"
#include "upcall.h"

#include <stddef.h>

bool kernel_goes_on;

void kernel_attention(void)
{
	kernel_goes_on = false;
}

static void service_interrupts(void)
{
	trace(TRACE_INTERRUPTS, TRACE_NO_SLOT, 0, 0);
	chip_service_interrupts();
	trace(TRACE_INTERRUPTS_END, TRACE_NO_SLOT, 0, 0);
}

/* Until nothing is left: interrupts first, one deferred call between them. */
static void serve(void)
{
	for (;;) {
		if (chip_interrupt_pending())
			service_interrupts();
		else if (!deferred_run())
			break;
	}
	kernel_goes_on = true;
}

static bool end_wait_for(struct process *process)
{
	ureg_t result[3];

	if (!upcall_take(process->wait_slot, result))
		return false;
	if (!arch_context_set_results(&process->context, result))
		process_misbehaved(process, "its stack is not its own memory");
	return true;
}

/* Gives a process that yielded, and is mapped, its upcall. False: it does not run after all. */
static bool wake(struct process *process)
{
	bool delivered;

	if (process->state == PROCESS_RUNNING)
		return true;
	process->ready = false;
	if (process->state == PROCESS_YIELDED_FOR)
		delivered = end_wait_for(process);
	else
		delivered = upcall_deliver(process);
	if (!delivered || !process_is_alive(process))
		return false;
	process->state = PROCESS_RUNNING;
	process->ready = true;
	return true;
}

struct process *kernel_next(void)
{
	for (;;) {
		serve();

		struct process *process = scheduler_next();

		if (process == NULL) {
			trace(TRACE_IDLE, TRACE_NO_SLOT, 0, 0);
			trace_flush();
			arch_idle();
			service_interrupts(); /* one ended the wait */
			continue;
		}
		(void)process_visit(process); /* for good: process_map() would ask for attention */
		kernel_goes_on = true;
		/* What asks for attention while it wakes comes first: it may have faulted. */
		if (wake(process) && kernel_goes_on) {
			trace(TRACE_SWITCH, process_slot(process), 0, 0);
			return process;
		}
	}
}

void kernel_process_fault(struct process *process, const struct arch_fault *fault)
{
	process->fault = *fault;
	process_misbehaved(process, NULL);
}

void kernel_start(void)
{
	ASSERT(board.driver_count > 0 && board.process_count > 0 &&
	       board.process_count <= UINT8_MAX);
	for (uint32_t i = 0; i < board.driver_count; i++)
		board.drivers[i].driver->index = (uint8_t)i;
	arch_init();
	greeting_print();
	report_kept();
	loader_load_all();
	arch_run();
}
