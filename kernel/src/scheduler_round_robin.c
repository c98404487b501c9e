/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Round robin with a timeslice: a process keeps the processor until it yields
 * or its slice is used up, whatever interrupts come meanwhile.
 */
#include "scheduler.h"
#include "trusted/chip.h"

/* Whose slice is going on; NULL: nobody's. */
static struct process *holder;

/* Whose turn is next, if it is ready; NULL: the first slot's. */
static struct process *next;

void scheduler_welcome(struct process *process)
{
	(void)process;
}

static struct process *next_in_turn(void)
{
	struct process *first = next == NULL ? board.processes : next;
	struct process *process = first;

	do {
		struct process *after = scheduler_after(process);

		if (process->ready) {
			next = after;
			return process;
		}
		process = after;
	} while (process != first);
	return NULL;
}

struct process *scheduler_next(void)
{
	if (holder != NULL && holder->ready) {
		if (!chip_timeslice_expired())
			return holder;
		holder->timeslice_expirations++;
	}

	holder = next_in_turn();
	if (holder == NULL || holder->policy->timeslice_us == 0)
		chip_timeslice_stop();
	else
		chip_timeslice_start(holder->policy->timeslice_us);
	return holder;
}
