/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "trusted/process_memory.h"

enum error process_memory_init(struct process_memory *memory, uptr_t ram_start, uptr_t ram_end,
			       uptr_t app_break)
{
	if (app_break < ram_start || app_break > ram_end)
		return E_NOMEM;
	memory->ram_start = ram_start;
	memory->high_water = ram_start;
	memory->app_break = app_break;
	memory->grant_break = ram_end;
	memory->ram_end = ram_end;
	return E_OK;
}

enum error process_memory_brk(struct process_memory *memory, uptr_t new_break)
{
	if (new_break < memory->high_water || new_break > memory->grant_break)
		return E_NOMEM;
	memory->app_break = new_break;
	return E_OK;
}

enum error process_memory_sbrk(struct process_memory *memory, int32_t delta, uptr_t *old_break)
{
	uptr_t from = memory->app_break;

	if (delta >= 0) {
		uint32_t up = (uint32_t)delta;

		if (up > memory->grant_break - from)
			return E_NOMEM;
		memory->app_break = from + up;
	} else {
		uint32_t down = (uint32_t)(-(delta + 1)) + 1u; /* -delta, INT32_MIN too */

		if (down > from - memory->high_water)
			return E_NOMEM;
		memory->app_break = from - down;
	}
	*old_break = from;
	return E_OK;
}

enum error process_memory_grant_alloc(struct process_memory *memory, uint32_t size, uint32_t align,
				      uptr_t *address)
{
	if (size > memory->grant_break - memory->app_break)
		return E_NOMEM;

	uptr_t top = memory->grant_break - size;
	uptr_t start = top - top % align;

	if (start < memory->app_break)
		return E_NOMEM;
	memory->grant_break = start;
	*address = start;
	return E_OK;
}

enum error process_memory_allow(struct process_memory *memory, uptr_t end)
{
	if (end < memory->ram_start || end > memory->app_break)
		return E_INVAL;
	if (end > memory->high_water)
		memory->high_water = end;
	return E_OK;
}
