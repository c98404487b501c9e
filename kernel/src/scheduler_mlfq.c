/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Multi-level feedback queue: a process that uses its slice up goes one level
 * down, where slices are longer; every so often all are lifted to the top, so
 * that nothing starves. Interactive processes stay on top by themselves.
 */
#include "scheduler_levels.h"
#include "trusted/chip.h"

enum {
	LEVELS = 3,
	LIFT_AFTER_US = 1000000, /* of processor time used in whole slices */
};

static const uint8_t slices[LEVELS] = {1, 2, 5}; /* times the policy's timeslice */

static struct process *holder;
static struct process *served;
static uint32_t used_us; /* since the last lift */

void scheduler_welcome(struct process *process)
{
	process->level = 0;
}

static uint32_t slice_us(const struct process *process)
{
	return process->policy->timeslice_us * slices[process->level];
}

static void lift_all(void)
{
	used_us = 0;
	for (uint32_t i = 0; i < board.process_count; i++)
		board.processes[i].level = 0;
}

static void slice_used_up(struct process *process)
{
	process->timeslice_expirations++;
	used_us += slice_us(process);
	if (process->level < LEVELS - 1)
		process->level++;
	if (used_us >= LIFT_AFTER_US)
		lift_all();
}

struct process *scheduler_next(void)
{
	if (holder != NULL && chip_timeslice_expired() && holder->ready) {
		slice_used_up(holder);
		holder = NULL;
	}

	struct process *next = scheduler_lowest_level(served);

	if (next != NULL && holder != NULL && holder->ready && holder->level <= next->level)
		return holder;
	holder = next;
	if (holder != NULL)
		served = holder;
	if (holder == NULL || slice_us(holder) == 0)
		chip_timeslice_stop();
	else
		chip_timeslice_start(slice_us(holder));
	return holder;
}
