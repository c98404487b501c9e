/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Cooperative: a process runs until it yields, faults or ends; then the next. */
#include "scheduler.h"

static struct process *holder;
static uint32_t last_slot;

void scheduler_welcome(struct process *process)
{
	(void)process;
}

struct process *scheduler_next(void)
{
	if (holder != NULL && holder->state == PROCESS_RUNNING)
		return holder;

	uint32_t slot = last_slot;

	holder = NULL;
	for (uint32_t i = 0; i < board.process_count && holder == NULL; i++) {
		slot = scheduler_slot_after(slot);
		if (scheduler_can_run(&board.processes[slot]))
			holder = &board.processes[slot];
	}
	if (holder != NULL)
		last_slot = slot;
	return holder;
}
