/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Round robin with a timeslice: a process keeps the processor until it yields
 * or its slice is used up, whatever interrupts come meanwhile.
 */
#include "scheduler.h"
#include "trusted/chip.h"

/* Whose slice is going on; NULL: nobody's. */
static struct process *holder;

/* Who was served last; NULL: nobody yet. */
static struct process *served;

void scheduler_welcome(struct process *process)
{
	(void)process;
}

static struct process *next_in_turn(void)
{
	struct process *last = served == NULL ? board.processes : served;
	struct process *process = last;

	do {
		process = scheduler_after(process);
		if (process->ready) {
			served = process;
			return process;
		}
	} while (process != last);
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
