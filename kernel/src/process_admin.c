/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/process_admin.h"

#include "grant_private.h"
#include "kernel/app_identity.h"
#include "loader.h"
#include "process.h"
#include "report.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/linker.h"

#include <stddef.h>

/* Any process of a used slot, alive or not, whose last handle this is. */
static struct process *find_any(struct process_id id)
{
	uint32_t slot = process_id_slot(id);

	if (process_id_is_none(id) || slot >= board.process_count ||
	    board.processes[slot].id.raw != id.raw || board.processes[slot].state == PROCESS_UNUSED)
		return NULL;
	return &board.processes[slot];
}

uint32_t process_slots(const struct cap_process_admin *cap)
{
	(void)cap;
	return board.process_count;
}

static uint32_t grants_used(const struct process *process)
{
	uint32_t used = 0;

	if (!process_is_alive(process))
		return 0;
	for (uint32_t i = 0; i < board.driver_count; i++)
		if (process->grants[i] != NULL)
			used++;
	return used;
}

static uint32_t upcalls_pending(const struct process *process)
{
	uint32_t pending = 0;

	for (const struct upcall_node *node = process->first; node != NULL; node = node->next)
		pending++;
	return pending;
}

bool process_inspect(const struct cap_process_admin *cap, uint32_t slot, struct process_info *info)
{
	(void)cap;
	if (slot >= board.process_count || board.processes[slot].state == PROCESS_UNUSED)
		return false;

	const struct process *process = &board.processes[slot];

	*info = (struct process_info){
		.id = process->id,
		.slot = slot,
		.state = (enum process_state)process->state,
		.short_id = process->identity.short_id,
		.timeslice_expirations = process->timeslice_expirations,
		.syscalls = process->syscalls,
		.restarts = process->restarts,
		.upcalls_dropped = process->upcalls_dropped,
		.upcalls_pending = upcalls_pending(process),
		.grants_used = grants_used(process),
		.grants_total = board.driver_count,
		.completion_code = process->completion_code,
		.flash_start = process->flash_start,
		.flash_end = process->flash_end,
		.ram_start = process->memory.ram_start,
		.ram_end = process->memory.ram_end,
		.app_break = process->memory.app_break,
		.grant_break = process->memory.grant_break,
		.stack_top = process->stack_top,
		.heap_start = process->heap_start,
		.ram_open_end = arch_mpu_ram_end(&process->mpu),
		.ram_requested = process->ram_requested,
		.ram_kernel = grant_memory_needed(),
	};
	return true;
}

size_t process_name(const struct cap_process_admin *cap, struct process_id id, char *destination,
		    size_t capacity)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process != NULL)
		return process_copy_name(process, destination, capacity);
	destination[0] = '\0';
	return 0;
}

enum error process_stop(const struct cap_process_admin *cap, struct process_id id)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (!process_is_alive(process) || process->state == PROCESS_STOPPED)
		return E_ALREADY;
	process_hold(process);
	return E_OK;
}

enum error process_resume(const struct cap_process_admin *cap, struct process_id id)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (process->state != PROCESS_STOPPED)
		return E_ALREADY;
	if (process->waits)
		return E_BUSY;
	process_go_on(process);
	return E_OK;
}

enum error process_terminate(const struct cap_process_admin *cap, struct process_id id)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (process->state == PROCESS_TERMINATED)
		return E_ALREADY;
	process_end(process, PROCESS_TERMINATED);
	return E_OK;
}

enum error process_boot(const struct cap_process_admin *cap, struct process_id id)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (process_is_alive(process))
		return E_ALREADY;
	if (!process_id_is_none(process_by_short_id(process->identity.short_id, false)))
		return E_BUSY;

	struct arch_placement place;

	if (!process_holds_ram(process) && !process_place(process, &place))
		return E_NOMEM;
	return process_start(process) ? E_OK : E_FAIL;
}

void process_load(const struct cap_process_admin *cap)
{
	(void)cap;
	loader_load_all();
}

void fault_record_print(const struct cap_process_admin *cap)
{
	(void)cap;
	report_kept();
}

enum error process_fault(const struct cap_process_admin *cap, struct process_id id)
{
	struct process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (!process_is_alive(process))
		return E_ALREADY;
	process_misbehaved(process, "an operator made it fault");
	return E_OK;
}

void kernel_inspect(const struct cap_process_admin *cap, struct kernel_info *info)
{
	(void)cap;
	*info = (struct kernel_info){
		.build_record = linker_build_record,
		.text_start = arch_address_of(linker_text_start),
		.text_end = arch_address_of(linker_text_end),
		.rodata_start = arch_address_of(linker_rodata_start),
		.rodata_end = arch_address_of(linker_rodata_end),
		.data_start = arch_address_of(linker_data_start),
		.data_end = arch_address_of(linker_data_end),
		.bss_start = arch_address_of(linker_bss_start),
		.bss_end = arch_address_of(linker_bss_end),
		.stack_start = arch_address_of(linker_stack_start),
		.stack_end = arch_address_of(linker_stack_end),
		.apps_start = arch_address_of(linker_apps_start),
		.apps_end = arch_address_of(linker_apps_end),
		.app_ram_start = arch_address_of(linker_app_ram_start),
		.app_ram_end = arch_address_of(linker_app_ram_end),
	};
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *process = &board.processes[i];

		info->processes += process->state != PROCESS_UNUSED;
		info->active += process_is_alive(process);
		info->timeslice_expirations += process->timeslice_expirations;
	}
}

void kernel_reset(const struct cap_process_admin *cap)
{
	(void)cap;
	board_reset();
}

void kernel_panic(const struct cap_process_admin *cap)
{
	(void)cap;
	kernel_fatal("an operator asked for it", NULL);
}
