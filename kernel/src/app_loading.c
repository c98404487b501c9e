/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/app_loading.h"

#include "app_admission.h"
#include "loader.h"
#include "process.h"
#include "trusted/linker.h"

#include <stddef.h>

uint32_t app_region_address(const struct cap_app_loading *cap)
{
	(void)cap;
	return arch_address_of(linker_apps_start);
}

uint32_t app_region_size(const struct cap_app_loading *cap)
{
	return arch_address_of(linker_apps_end) - app_region_address(cap);
}

/* A plan in force keeps the kernel from that process's flash. */
static const uint8_t *region(const struct cap_app_loading *cap)
{
	process_unmap();
	return arch_kernel_pointer(app_region_address(cap));
}

void app_region_read(const struct cap_app_loading *cap, uint32_t offset, uint8_t *to,
		     uint32_t length)
{
	const uint8_t *from = region(cap) + offset;

	for (uint32_t i = 0; i < length; i++)
		to[i] = from[i];
}

void app_region_look(const struct cap_app_loading *cap, uint32_t offset,
		     struct app_region_item *item)
{
	app_region_at(region(cap), app_region_size(cap), offset, item);
}

void app_loading_hold(const struct cap_app_loading *cap, bool hold)
{
	(void)cap;
	loader_hold(hold);
}

void app_loading_forget(const struct cap_app_loading *cap, uint32_t offset, uint32_t length)
{
	app_admission_forget(app_region_address(cap) + offset, length);
}

static struct process *process_of(const struct cap_app_loading *cap, uint32_t offset)
{
	for (uint32_t i = 0; i < board.process_count; i++)
		if (board.processes[i].state != PROCESS_UNUSED &&
		    board.processes[i].flash_start == app_region_address(cap) + offset)
			return &board.processes[i];
	return NULL;
}

enum error app_load(const struct cap_app_loading *cap, uint32_t offset)
{
	return loader_load_at(app_region_address(cap) + offset);
}

enum error app_unload(const struct cap_app_loading *cap, uint32_t offset)
{
	struct process *process = process_of(cap, offset);

	if (process == NULL)
		return E_NODEVICE;
	process_end(process, PROCESS_UNUSED);
	return E_OK;
}

struct process_id app_process(const struct cap_app_loading *cap, uint32_t offset)
{
	const struct process *process = process_of(cap, offset);

	return process == NULL ? process_id_none() : process->id;
}

uint32_t app_offset_of(const struct cap_app_loading *cap, struct process_id id)
{
	const struct process *process = process_find(id);

	return process == NULL ? UINT32_MAX : process->flash_start - app_region_address(cap);
}

bool process_may_install(struct process_id id)
{
	const struct process *process = process_find(id);

	return process != NULL && process->policy->installs;
}
