/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "process.h"

#include "grant_private.h"
#include "kernel/log.h"
#include "loan_hooks.h"
#include "main_loop.h"
#include "ram.h"
#include "report.h"
#include "scheduler.h"
#include "trusted/kernel.h"
#include "trusted/trace.h"

#include <stddef.h>

enum { GRANT_TABLE_ALIGN = 8 };

struct process *scheduler_slots_end;

struct process *process_mapped;

void process_map_other(struct process *process)
{
	arch_mpu_load(&process->mpu);
	process_mapped = process;
	kernel_goes_on = false;
}

static void unmap(const struct process *process)
{
	if (process_mapped != process)
		return;
	arch_mpu_unload();
	process_mapped = NULL;
	kernel_attention();
}

void process_unmap(void)
{
	arch_mpu_unload();
	process_mapped = NULL;
	kernel_attention();
}

/* The memory besides its own that a process may use, or not. */
static void collect_windows(const struct process *process, struct arch_window windows[ARCH_WINDOWS])
{
	const struct process_policy *policy = process->policy;

	loan_windows(process, windows);
	if (policy->window_count != 0) { /* no loan has the first one then */
		const struct memory_window *last = &policy->windows[policy->window_count - 1];

		windows[0] = (struct arch_window){
			.start = policy->windows[0].start,
			.end = last->start + last->length,
			.access = ARCH_READ,
			.kernels = true,
		};
	}
}

static bool plan(struct process *process, const struct process_memory *memory)
{
	struct arch_window windows[ARCH_WINDOWS];
	const struct arch_regions regions = {
		.flash_start = process->flash_start,
		.code_end = process->code_end,
		.flash_end = process->flash_end,
		.ram_start = memory->ram_start,
		.ram_need = memory->app_break,
		.ram_limit = memory->grant_break,
		.windows = windows,
	};

	collect_windows(process, windows);
	return arch_mpu_plan(&process->mpu, &regions);
}

bool process_remap(struct process *process, const struct process_memory *memory)
{
	uptr_t old_break = process->memory.app_break;

	if (!plan(process, memory))
		return false;
	process->memory = *memory;
	if (process_mapped == process)
		arch_mpu_unload();
	if (memory->app_break > old_break)
		arch_clear(old_break, memory->app_break);
	if (process_mapped == process)
		arch_mpu_load(&process->mpu);
	return true;
}

bool process_read(struct process *process, void *destination, uptr_t source, size_t length)
{
	process_map(process);
	return arch_user_read(destination, source, length);
}

bool process_write(struct process *process, uptr_t destination, const void *source, size_t length)
{
	process_map(process);
	return arch_user_write(destination, source, length);
}

/* A handle that was never given out; false: the slot has no more. */
static bool renew_id(struct process *process)
{
	uint32_t slot = (uint32_t)(process - board.processes);
	uint32_t generation = (process->id.raw >> PROCESS_ID_SLOT_BITS) + 1;

	if (process_is_retired(process))
		return false;
	process->id.raw = generation << PROCESS_ID_SLOT_BITS | slot;
	return true;
}

/* Memory as at the first instruction: the break, and the table of grants on top. */
static bool lay_out(struct process *process)
{
	struct process_memory memory;
	uptr_t start = process->memory.ram_start;
	uptr_t end = process->memory.ram_end;
	uptr_t table;
	uint32_t table_size = board.driver_count * (uint32_t)sizeof(struct grant_entry *);

	if (process_memory_init(&memory, start, end, start + ARCH_INITIAL_BREAK) != E_OK ||
	    process_memory_grant_alloc(&memory, table_size, GRANT_TABLE_ALIGN, &table) != E_OK ||
	    !plan(process, &memory))
		return false;
	process->memory = memory;
	process->grants = arch_kernel_pointer(table);
	arch_clear(start, end);
	return true;
}

static void forget_life(struct process *process)
{
	process->first = NULL;
	process->last = NULL;
	process->wait_slot = NULL;
	process->ready = false;
	process->stack_top = 0;
	process->heap_start = 0;
}

bool process_place(struct process *process, struct arch_placement *place)
{
	if (!ram_find(place, process->ram_requested, grant_memory_needed(), process->ram_fixed))
		return false;
	process->memory = (struct process_memory){
		.ram_start = place->start,
		.ram_end = place->start + place->size,
	};
	return true;
}

bool process_start(struct process *process)
{
	unmap(process);
	forget_life(process);
	process->state = PROCESS_TERMINATED;
	if (!renew_id(process) || !lay_out(process))
		return false;

	const struct arch_start start = {
		.entry = process->entry,
		.app_start = process->app_start,
		.ram_start = process->memory.ram_start,
		.ram_length = process->memory.ram_end - process->memory.ram_start,
		.app_break = process->memory.app_break,
	};

	arch_context_init(&process->context, &start);
	process->state = PROCESS_RUNNING;
	process->ready = true;
	if (process >= scheduler_slots_end)
		scheduler_slots_end = process + 1;
	scheduler_welcome(process);
	if (process->waits)
		process_hold(process);
	kernel_attention();
	return true;
}

void process_end(struct process *process, enum process_state state)
{
	trace(TRACE_END, process_slot(process), state, process->completion_code);
	unmap(process);
	forget_life(process);
	process->state = (uint8_t)state;
	loan_process_ended(process);
	kernel_attention();
	if (process->policy->ended != NULL)
		process->policy->ended(process);
}

void process_hold(struct process *process)
{
	process->resumes = process->state;
	process->woken = process->ready;
	process->ready = false;
	process->state = PROCESS_STOPPED;
	kernel_attention();
}

void process_go_on(struct process *process)
{
	process->state = process->resumes;
	process->ready = process->woken;
	kernel_attention();
}

void process_restart(struct process *process)
{
	process_end(process, PROCESS_TERMINATED);
	if (process->state == PROCESS_UNUSED)
		return;
	process->restarts++;
	if (!process_start(process))
		log_print("process in slot %u cannot start again: %s\r\n", process_slot(process),
			  process_is_retired(process) ? "its handles are used up"
						      : "its memory cannot be protected");
}

static bool may_restart(const struct process *process)
{
	uint32_t limit = process->policy->restart_limit;

	if (limit == 0 || process->faults <= limit)
		return true;
	log_print("  it faulted %u times and stays stopped\r\n", process->faults);
	return false;
}

void process_misbehaved(struct process *process, const char *reason)
{
	enum fault_policy policy = process->policy->fault;

	process->faults++;
	trace(TRACE_FAULT, process_slot(process), 0, arch_context_pc(&process->context));
	report_fault(process, reason);
	report_keep(process, reason == NULL ? &process->fault : NULL);
	if (policy == FAULT_DUMP || policy == FAULT_PANIC)
		report_dump(process); /* the log has no room for the record too: it is kept */
	process_end(process, PROCESS_FAULTED);
	if (policy == FAULT_PANIC)
		kernel_fatal("a process faulted, and its policy is to stop everything then", NULL);
	if (policy == FAULT_RESTART && may_restart(process))
		process_restart(process);
}

size_t process_copy_name(struct process *process, char *destination, size_t capacity)
{
	size_t length = process->name_length;

	if (length > capacity - 1)
		length = capacity - 1;
	if (process->state == PROCESS_UNUSED ||
	    !process_read(process, destination, process->flash_start + process->name_offset,
			  length))
		length = 0;
	/* The RAM of an ended process may be another's, whose grants its plan would close. */
	if (!process_is_alive(process))
		unmap(process);
	destination[length] = '\0';
	for (size_t i = 0; i < length; i++)
		if (destination[i] < ' ' || destination[i] > '~')
			destination[i] = '?';
	return length;
}
