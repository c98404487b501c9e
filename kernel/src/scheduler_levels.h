/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the schedulers with levels share: the process with the lowest level
 * number runs; those of one level take turns.
 */
#ifndef KERNEL_SCHEDULER_LEVELS_H
#define KERNEL_SCHEDULER_LEVELS_H

#include "scheduler.h"

/*
 * Of the processes that can run, the next in turn after `last` (NULL: nobody was
 * served yet) among those with the lowest level; NULL: none can run.
 */
static inline struct process *scheduler_lowest_level(struct process *last)
{
	struct process *found = NULL;
	struct process *process = last == NULL ? board.processes : last;

	for (uint32_t i = 0; i < scheduler_slots(); i++) {
		process = scheduler_after(process);
		if (process->ready && (found == NULL || process->level < found->level))
			found = process;
	}
	return found;
}

#endif
