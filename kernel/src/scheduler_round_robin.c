/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Round robin with a timeslice: a process keeps the processor until it yields
 * or its slice is used up, whatever interrupts come meanwhile.
 */
#include "process.h"
#include "scheduler.h"
#include "trusted/chip.h"

#include <stddef.h>

/* Whose slice is going on; NULL: nobody's. */
static struct process *holder;

/* The slot that was served last. */
static uint32_t last_slot;

static bool can_run(const struct process *process)
{
	if (process->state == PROCESS_RUNNING)
		return true;
	return process->ready &&
	       (process->state == PROCESS_YIELDED || process->state == PROCESS_YIELDED_FOR);
}

static struct process *next_in_turn(void)
{
	uint32_t slot = last_slot;

	for (uint32_t i = 0; i < board.process_count; i++) {
		slot = slot + 1 < board.process_count ? slot + 1 : 0;
		if (can_run(&board.processes[slot])) {
			last_slot = slot;
			return &board.processes[slot];
		}
	}
	return NULL;
}

struct process *scheduler_next(void)
{
	if (holder != NULL && can_run(holder)) {
		if (!chip_timeslice_expired())
			return holder;
		holder->timeslice_expirations++;
	}

	holder = next_in_turn();
	if (holder == NULL)
		chip_timeslice_stop();
	else if (board.timeslice_us != 0)
		chip_timeslice_start(board.timeslice_us);
	return holder;
}
