/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "memop.h"

#include "abi/error.h"
#include "abi/syscall.h"
#include "process.h"

static void fail(ureg_t registers[4], enum error error)
{
	registers[0] = SYSCALL_FAILURE;
	registers[1] = error;
}

static void succeed_u32(ureg_t registers[4], ureg_t value)
{
	registers[0] = SYSCALL_SUCCESS_U32;
	registers[1] = value;
}

static void brk(struct process *process, ureg_t registers[4])
{
	struct process_memory memory = process->memory;

	if (process_memory_brk(&memory, registers[1]) != E_OK || !process_remap(process, &memory))
		return fail(registers, E_NOMEM);
	registers[0] = SYSCALL_SUCCESS;
}

static void sbrk(struct process *process, ureg_t registers[4])
{
	struct process_memory memory = process->memory;
	uptr_t old_break;

	if (process_memory_sbrk(&memory, (int32_t)registers[1], &old_break) != E_OK ||
	    !process_remap(process, &memory))
		return fail(registers, E_NOMEM);
	succeed_u32(registers, old_break);
}

/* Offset and size of a writeable flash region, as the TBF header has them. */
static bool writeable_region(struct process *process, uint32_t index, uint32_t pair[2])
{
	if (index >= process->writeable_regions)
		return false;
	return process_read(process, pair,
			    process->flash_start + process->writeable_offset + index * 8, 8);
}

static void flash_region(struct process *process, ureg_t registers[4], bool end)
{
	uint32_t pair[2];

	if (!writeable_region(process, registers[1], pair))
		return fail(registers, E_FAIL);
	succeed_u32(registers, process->flash_start + pair[0] + (end ? pair[1] : 0));
}

/* For reports only: what the process says of itself, never used as an address. */
static void note(ureg_t registers[4], uptr_t *place)
{
	*place = registers[1];
	registers[0] = SYSCALL_SUCCESS;
}

static void window(const struct process *process, ureg_t registers[4])
{
	const struct process_policy *policy = process->policy;

	if (policy->window_count == 0)
		return fail(registers, E_NOSUPPORT);
	if (registers[0] == MEMOP_WINDOWS)
		return succeed_u32(registers, policy->window_count);
	if (registers[1] >= policy->window_count)
		return fail(registers, E_FAIL);

	const struct memory_window *found = &policy->windows[registers[1]];

	succeed_u32(registers, registers[0] == MEMOP_WINDOW_START    ? found->start
			       : registers[0] == MEMOP_WINDOW_LENGTH ? found->length
								     : found->type);
}

void memop(struct process *process, ureg_t registers[4])
{
	switch (registers[0]) {
	case MEMOP_BRK:
		return brk(process, registers);
	case MEMOP_SBRK:
		return sbrk(process, registers);
	case MEMOP_RAM_START:
		return succeed_u32(registers, process->memory.ram_start);
	case MEMOP_RAM_END:
		return succeed_u32(registers, process->memory.ram_end);
	case MEMOP_FLASH_START:
		return succeed_u32(registers, process->flash_start);
	case MEMOP_FLASH_END:
		return succeed_u32(registers, process->flash_end);
	case MEMOP_GRANT_START:
		return succeed_u32(registers, process->memory.grant_break);
	case MEMOP_FLASH_REGIONS:
		return succeed_u32(registers, process->writeable_regions);
	case MEMOP_FLASH_REGION_START:
		return flash_region(process, registers, false);
	case MEMOP_FLASH_REGION_END:
		return flash_region(process, registers, true);
	case MEMOP_STACK_TOP:
		return note(registers, &process->stack_top);
	case MEMOP_HEAP_START:
		return note(registers, &process->heap_start);
	case MEMOP_WINDOWS:
	case MEMOP_WINDOW_START:
	case MEMOP_WINDOW_LENGTH:
	case MEMOP_WINDOW_TYPE:
		return window(process, registers);
	default:
		return fail(registers, E_NOSUPPORT);
	}
}
