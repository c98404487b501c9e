/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * There is no list of free memory to keep right: the process table says what is
 * taken, and gaps are found by looking.
 */
#include "ram.h"

#include "process.h"
#include "trusted/linker.h"

#include <stddef.h>

/* The process whose RAM begins lowest among those that end after `address`. */
/*@ requires ram_table_ok;
    terminates \true;
    assigns \nothing;
    ensures \result == \null ==> ram_free(address, 0xFFFFFFFF);
    ensures \result != \null ==> ram_free(address, \result->memory.ram_start);
    ensures \result != \null ==> \valid_read(\result) && \result->memory.ram_end > address;
    ensures \result != \null ==>
	\result->memory.ram_start <= arch_address(&linker_app_ram_end[0]);
*/
static const struct process *next_taken(uptr_t address)
{
	const struct process *found = NULL;

	/*@ loop invariant 0 <= i <= board.process_count;
	    loop invariant found == \null ==> \forall integer j; 0 <= j < i ==>
		ram_apart(&board.processes[j], address, 0xFFFFFFFF);
	    loop invariant found != \null ==> \valid_read(found) &&
		found->memory.ram_end > address &&
		found->memory.ram_start <= arch_address(&linker_app_ram_end[0]);
	    loop invariant found != \null ==> \forall integer j; 0 <= j < i ==>
		ram_apart(&board.processes[j], address, found->memory.ram_start);
	    loop assigns i, found;
	    loop variant board.process_count - i;
	*/
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *process = &board.processes[i];

		if (!process_holds_ram(process) || process->memory.ram_end <= address)
			continue;
		if (found == NULL || process->memory.ram_start < found->memory.ram_start)
			found = process;
	}
	return found;
}

/* Free memory from `address` on: nothing, where a process has that address. */
/*@ requires ram_table_ok;
    terminates \true;
    assigns \nothing;
    ensures \result.start == address && address + \result.size <= 0xFFFFFFFF;
    ensures ram_free(address, address + \result.size);
    ensures \result.size != 0 ==> arch_address(&linker_app_ram_start[0]) <= address &&
	address + \result.size <= arch_address(&linker_app_ram_end[0]);
*/
static struct arch_placement gap_at(uptr_t address)
{
	const struct process *next = next_taken(address);
	uptr_t end = arch_address_of(linker_app_ram_end);

	if (next != NULL)
		end = next->memory.ram_start;
	if (address < arch_address_of(linker_app_ram_start) || address >= end)
		return (struct arch_placement){address, 0};
	return (struct arch_placement){address, end - address};
}

bool ram_find(struct arch_placement *placement, uint32_t app_bytes, uint32_t kernel_bytes,
	      uptr_t fixed)
{
	uptr_t address = fixed != 0 ? fixed : arch_address_of(linker_app_ram_start);
	struct arch_placement largest = {address, 0};

	/*@ loop assigns address, largest, *placement;
	    loop variant 0xFFFFFFFF - address;
	*/
	while (address < arch_address_of(linker_app_ram_end)) {
		struct arch_placement gap = gap_at(address);

		if (arch_mpu_place(placement, &gap, app_bytes, kernel_bytes, fixed))
			return true;
		if (gap.size > largest.size)
			largest = gap;

		const struct process *next = next_taken(address);

		if (fixed != 0 || next == NULL)
			break;
		address = next->memory.ram_end;
	}
	*placement = largest;
	return false;
}
