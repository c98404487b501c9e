/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who runs next. The board chooses one of the scheduler_*.c files. Private to
 * the kernel.
 */
#ifndef KERNEL_SCHEDULER_H
#define KERNEL_SCHEDULER_H

#include "trusted/board.h"
#include "trusted/process.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The process to run now, its timeslice started or going on; NULL: none can
 * run, and no timeslice is going on.
 */
struct process *scheduler_next(void);

/* A process begins a new life: it has no past. */
void scheduler_welcome(struct process *process);

static inline bool scheduler_can_run(const struct process *process)
{
	if (process->state == PROCESS_RUNNING)
		return true;
	return process->ready &&
	       (process->state == PROCESS_YIELDED || process->state == PROCESS_YIELDED_FOR);
}

static inline uint32_t scheduler_slot_after(uint32_t slot)
{
	return slot + 1 < board.process_count ? slot + 1 : 0;
}

#endif
