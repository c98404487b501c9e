/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The life of a process: placing, starting, faulting, ending. Private to the
 * kernel. A process is "alive" in the states RUNNING, YIELDED, YIELDED_FOR and
 * STOPPED: only then do handles to it work and do its grants exist.
 */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include "trusted/board.h"
#include "trusted/process.h"

#include <stdbool.h>
#include <stddef.h>

static inline bool process_is_alive(const struct process *process)
{
	return process->state >= PROCESS_RUNNING && process->state <= PROCESS_STOPPED;
}

static inline uint32_t process_slot(const struct process *process)
{
	return process_id_slot(process->id);
}

/* The live process that `id` names; NULL for a stale handle. */
static inline struct process *process_find(struct process_id id)
{
	uint32_t slot = process_id_slot(id);

	if (slot >= board.process_count)
		return NULL;

	struct process *process = &board.processes[slot];

	if (process->id.raw != id.raw || !process_is_alive(process))
		return NULL;
	return process;
}

/*
 * Finds RAM for a process that has none, by what it requested. False: `place`
 * says what there is instead, as ram_find() does.
 */
bool process_place(struct process *process, struct arch_placement *place) MUST_CHECK;

/* Whether the process keeps its RAM from others. */
/*@ requires \valid_read(process);
    terminates \true;
    assigns \nothing;
    ensures \result <==>
	process->state != PROCESS_UNUSED && process->state != PROCESS_TERMINATED;
*/
static inline bool process_holds_ram(const struct process *process)
{
	return process->state != PROCESS_UNUSED && process->state != PROCESS_TERMINATED;
}

/* The slot's handles are used up: nothing can start in it any more. */
static inline bool process_is_retired(const struct process *process)
{
	return process->id.raw >> PROCESS_ID_SLOT_BITS == UINT32_MAX >> PROCESS_ID_SLOT_BITS;
}

/*
 * Starts a new life: fresh generation, zeroed memory, no grants, first
 * instruction. Flash, RAM and entry must be set. False: the slot's
 * generations are used up, or the hardware cannot protect the process; it is
 * TERMINATED then.
 */
bool process_start(struct process *process) MUST_CHECK;

/* Ends the life; the state says why. Handles become stale, grants are gone. */
void process_end(struct process *process, enum process_state state);

/*
 * A live one executes nothing (STOPPED) until process_go_on(), then goes on where it was.
 * One that waits is held in each life: process_start().
 */
void process_hold(struct process *process);
void process_go_on(struct process *process);

/* Ends it and starts it anew, but where its policy, told of the end, gave the slot back. */
void process_restart(struct process *process);

/*
 * The process did what no process may. Reports it and applies the board's
 * fault policy. `reason` is a phrase, or NULL where process->fault tells.
 */
void process_misbehaved(struct process *process, const char *reason);

/* Whose protection plan is in force; NULL: nobody's. Only process.c writes it. */
extern struct process *process_mapped;

void process_map_other(struct process *process);

/* Makes the process's protection plan the one in force. */
static inline void process_map(struct process *process)
{
	if (process_mapped != process)
		process_map_other(process);
}

/*
 * process_map() for a moment: returns whose plan was in force, NULL for nobody's,
 * to be visited again before anything else is done.
 */
static inline struct process *process_visit(struct process *process)
{
	struct process *before = process_mapped;

	if (process == before)
		return before;
	if (process != NULL)
		arch_mpu_load(&process->mpu);
	else
		arch_mpu_unload();
	process_mapped = process;
	return before;
}

/* Takes whatever plan is in force away; the next process_map() loads one anew. */
void process_unmap(void);

/*
 * Recomputes the plan after its memory bounds moved and zeroes what becomes
 * reachable. False: the hardware cannot express it; nothing changed then.
 */
bool process_remap(struct process *process, const struct process_memory *memory) MUST_CHECK;

/* Changes one window of its plan, which must fit; at once where that is in force. */
static inline void process_set_window(struct process *process, uint32_t number,
				      const struct arch_window *window)
{
	arch_mpu_set_window(&process->mpu, number, window);
	if (process_mapped == process)
		arch_mpu_load(&process->mpu);
}

/* Copies of its own memory with its own rights; false where it has none. */
bool process_read(struct process *process, void *destination, uptr_t source, size_t length);
bool process_write(struct process *process, uptr_t destination, const void *source, size_t length);

/* The package name, control characters replaced, cut to capacity - 1, with a NUL. */
size_t process_copy_name(struct process *process, char *destination, size_t capacity);

#endif
