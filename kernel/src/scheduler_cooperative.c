/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Cooperative: a process runs until it yields, faults or ends; then the next. */
#include "scheduler.h"

static struct process *holder;
static struct process *served;

void scheduler_welcome(struct process *process)
{
	(void)process;
}

struct process *scheduler_next(void)
{
	if (holder != NULL && holder->state == PROCESS_RUNNING)
		return holder;

	struct process *process = served == NULL ? board.processes : served;

	holder = NULL;
	for (uint32_t i = 0; i < scheduler_slots() && holder == NULL; i++) {
		process = scheduler_after(process);
		if (process->ready)
			holder = process;
	}
	if (holder != NULL)
		served = holder;
	return holder;
}
