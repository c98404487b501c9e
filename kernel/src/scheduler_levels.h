/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the schedulers with levels share: the process with the lowest level
 * number runs; those of one level take turns.
 */
#ifndef KERNEL_SCHEDULER_LEVELS_H
#define KERNEL_SCHEDULER_LEVELS_H

#include "scheduler.h"

/*
 * Of the processes that can run, the next in turn after slot `last` among those
 * with the lowest level; NULL: none can run.
 */
static inline struct process *scheduler_lowest_level(uint32_t last)
{
	struct process *found = NULL;
	uint32_t slot = last;

	for (uint32_t i = 0; i < board.process_count; i++) {
		slot = scheduler_slot_after(slot);

		struct process *process = &board.processes[slot];

		if (scheduler_can_run(process) && (found == NULL || process->level < found->level))
			found = process;
	}
	return found;
}

#endif
