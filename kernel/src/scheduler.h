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

/*
 * One past the last slot that ever held a process: those from here on need no
 * look. The loader takes the lowest free slot. NULL: none did yet.
 */
extern struct process *scheduler_slots_end;

/* The slot after another one, in a ring of those that were ever used. */
static inline struct process *scheduler_after(struct process *process)
{
	struct process *after = process + 1;

	return after < scheduler_slots_end ? after : board.processes;
}

static inline uint32_t scheduler_slots(void)
{
	return scheduler_slots_end == NULL ? 0 : (uint32_t)(scheduler_slots_end - board.processes);
}

#endif
