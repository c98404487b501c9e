/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Fixed priority: the most urgent process that can run does, from the interrupt
 * that made it so on; equals share by timeslice.
 */
#include "scheduler_levels.h"
#include "trusted/chip.h"

static struct process *holder;
static struct process *served;

void scheduler_welcome(struct process *process)
{
	process->level = process->policy->priority;
}

struct process *scheduler_next(void)
{
	struct process *next = scheduler_lowest_level(served);

	if (next != NULL && holder != NULL && holder->ready && holder->level <= next->level) {
		if (!chip_timeslice_expired())
			return holder;
		holder->timeslice_expirations++;
	}

	holder = next;
	if (holder != NULL)
		served = holder;
	if (holder == NULL || holder->policy->timeslice_us == 0)
		chip_timeslice_stop();
	else
		chip_timeslice_start(holder->policy->timeslice_us);
	return holder;
}
