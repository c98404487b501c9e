/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Round robin with a timeslice: a process keeps the processor until it yields
 * or its slice is used up, whatever interrupts come meanwhile.
 */
#include "scheduler.h"
#include "trusted/chip.h"

/* Whose slice is going on; NULL: nobody's. */
static struct process *holder;

/* The slot that was served last. */
static uint32_t last_slot;

void scheduler_welcome(struct process *process)
{
	(void)process;
}

static struct process *next_in_turn(void)
{
	uint32_t slot = last_slot;

	for (uint32_t i = 0; i < board.process_count; i++) {
		slot = scheduler_slot_after(slot);
		if (scheduler_can_run(&board.processes[slot])) {
			last_slot = slot;
			return &board.processes[slot];
		}
	}
	return NULL;
}

struct process *scheduler_next(void)
{
	if (holder != NULL && scheduler_can_run(holder)) {
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
