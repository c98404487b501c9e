/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which application RAM is free. Private to the kernel. */
#ifndef KERNEL_RAM_H
#define KERNEL_RAM_H

#include "process.h"
#include "trusted/arch.h"
#include "trusted/linker.h"

#include <stdbool.h>

/*@ predicate ram_held(struct process *process) =
	process->state != PROCESS_UNUSED && process->state != PROCESS_TERMINATED;

    // No byte of [start, end) is RAM that the process keeps from others.
    predicate ram_apart(struct process *process, integer start, integer end) =
	start < end && ram_held(process) ==>
	process->memory.ram_end <= start || end <= process->memory.ram_start;

    predicate ram_free(integer start, integer end) =
	\forall integer i; 0 <= i < board.process_count ==>
	    ram_apart(&board.processes[i], start, end);

    predicate ram_table_ok =
	\valid_read(board.processes + (0 .. board.process_count - 1)) &&
	board.process_count <= 255 &&
	\forall integer i; 0 <= i < board.process_count && ram_held(&board.processes[i]) ==>
	    board.processes[i].memory.ram_start <= board.processes[i].memory.ram_end <=
		arch_address(&linker_app_ram_end[0]);
*/

/*
 * A place for a process with `app_bytes` of its own and `kernel_bytes` above
 * them; at the address `fixed` where that is not 0. False: there is none; then
 * `placement` is the largest gap, or the one at the fixed address (size 0: that
 * address is taken or is not application RAM).
 */
/*@ requires \valid(placement) && ram_table_ok;
    requires \separated(placement, &board,
	board.processes + (0 .. board.process_count - 1));
    terminates \true;
    assigns *placement;
    ensures \result ==> ram_free(placement->start, placement->start + placement->size);
    ensures \result && placement->size != 0 ==>
	arch_address(&linker_app_ram_start[0]) <= placement->start &&
	placement->start + placement->size <= arch_address(&linker_app_ram_end[0]);
*/
bool ram_find(struct arch_placement *placement, uint32_t app_bytes, uint32_t kernel_bytes,
	      uptr_t fixed) MUST_CHECK;

#endif
