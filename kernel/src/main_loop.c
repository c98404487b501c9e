/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "main_loop.h"

#include "deferred_private.h"
#include "greeting.h"
#include "kernel/log.h"
#include "loader.h"
#include "process.h"
#include "report.h"
#include "scheduler.h"
#include "trusted/chip.h"
#include "trusted/trace.h"
#include "upcall.h"

#include <stddef.h>

bool kernel_wants_attention;

void kernel_attention(void)
{
	kernel_wants_attention = true;
}

/* Until nothing is left: interrupts first, one deferred call between them. */
static void serve(void)
{
	do {
		if (chip_interrupt_pending()) {
			trace(TRACE_INTERRUPTS, TRACE_NO_SLOT, 0, 0);
			chip_service_interrupts();
			trace(TRACE_INTERRUPTS_END, TRACE_NO_SLOT, 0, 0);
		}
	} while (deferred_run() || chip_interrupt_pending());
	kernel_wants_attention = false;
}

static bool end_wait_for(struct process *process)
{
	ureg_t result[3];

	if (!upcall_take(grant_upcall(process->wait_entry, process->wait_number), result))
		return false;
	process_map(process);
	if (!arch_context_set_results(&process->context, result))
		process_misbehaved(process, "its stack is not its own memory");
	return true;
}

/* Gives a process that yielded its upcall. False: it does not run after all. */
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
		} else if (wake(process)) {
			process_map(process);
			kernel_wants_attention = false;
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
	for (uint32_t i = 0; i < board.driver_count; i++)
		board.drivers[i].driver->index = (uint8_t)i;
	arch_init();
	greeting_print();
	report_kept();
	loader_load_all();
	if (board.prompt != NULL)
		log_print("%s", board.prompt);
	arch_run();
}
