/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/grant.h"

#include "grant_private.h"
#include "kernel/assert.h"
#include "process.h"
#include "scheduler.h"
#include "trusted/trace.h"

enum { GRANT_ROOM_MAX = 1024 }; /* bytes set aside for the grants of a process */

bool grant_has_slice(const struct driver *driver, enum allow_kind kind, uint32_t number)
{
	return number < slice_count(&driver->type->grant, kind);
}

struct user_slice *grant_slice(struct grant_entry *entry, enum allow_kind kind, uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;

	if (number >= slice_count(shape, kind))
		return NULL;
	return grant_part(entry, slice_offset(shape, kind, number));
}

const struct user_slice *grant_shared(const struct grant_entry *entry, enum allow_kind kind,
				      uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;
	const unsigned char *bytes = (const unsigned char *)entry;

	if (number >= slice_count(shape, kind))
		return NULL;

	const void *slice = bytes + slice_offset(shape, kind, number);

	return slice;
}

static void initialise(struct grant_entry *entry, struct process *process,
		       const struct driver *driver)
{
	const struct grant_shape *shape = &driver->type->grant;

	entry->process = process;
	entry->driver = driver;
	entry->slots_at = (uint16_t)slots_offset(shape);
	entry->state_at = (uint16_t)state_offset(shape);
	for (uint32_t i = 0; i < shape->upcalls; i++) {
		struct upcall_slot *slot = grant_part(entry, slot_offset(shape, i));

		slot->entry = entry;
		slot->number = i;
	}
}

uint32_t grant_memory_needed(void)
{
	uint32_t room = 0;

	for (uint32_t i = 0; i < board.driver_count; i++)
		room += grant_size(&board.drivers[i].driver->type->grant);
	if (room > GRANT_ROOM_MAX)
		room = GRANT_ROOM_MAX;
	return grant_round_up(board.driver_count * (uint32_t)sizeof(struct grant_entry *)) + room +
	       GRANT_ALIGN;
}

/* Whether a handle is one that the board lists, not one that a capsule made up. */
static bool is_listed(const struct driver *driver)
{
	return driver->index < board.driver_count && board.drivers[driver->index].driver == driver;
}

struct grant_entry *grant_create(struct process *process, const struct driver *driver)
{
	if (!is_listed(driver))
		return NULL;

	uint32_t size = grant_size(&driver->type->grant);
	struct process_memory memory = process->memory;
	uint32_t address;

	if (process_memory_grant_alloc(&memory, size, GRANT_ALIGN, &address) != E_OK ||
	    !process_remap(process, &memory))
		return NULL;

	arch_clear(address, address + size);

	struct grant_entry *entry = arch_kernel_pointer(address);

	initialise(entry, process, driver);
	process->grants[driver->index] = entry;
	trace(TRACE_GRANT, process_slot(process), driver->index, size);
	return entry;
}

/* A grant is its own driver's only, whatever index a capsule wrote into its handle. */
static struct grant_entry *enter(struct grant_entry *entry, const struct driver *driver)
{
	if (entry == NULL || entry->entered || entry->driver != driver)
		return NULL;
	entry->entered = true;
	return entry;
}

struct grant_entry *grant_enter(const struct driver *driver, struct process_id id)
{
	struct process *process = process_find(id);

	return process == NULL ? NULL : enter(grant_get(process, driver), driver);
}

struct grant_entry *grant_enter_existing(const struct driver *driver, struct process_id id)
{
	struct process *process = process_find(id);

	return process == NULL ? NULL : enter(process->grants[driver->index], driver);
}

struct grant_entry *grant_enter_after(const struct driver *driver, struct process_id *at)
{
	struct process *process = board.processes;

	if (driver->index >= board.driver_count)
		return NULL;
	if (!process_id_is_none(*at))
		process += process_id_slot(*at) + 1;
	for (; process < scheduler_slots_end; process++) {
		struct grant_entry *entry;

		if (!process_is_alive(process))
			continue;
		entry = enter(process->grants[driver->index], driver);
		if (entry == NULL)
			continue;
		*at = process->id;
		return entry;
	}
	return NULL;
}

void grant_leave(struct grant_entry *entry)
{
	if (entry != NULL)
		entry->entered = false;
}

struct process_id grant_process(const struct grant_entry *entry)
{
	return entry->process->id;
}

void *grant_state(struct grant_entry *entry, size_t size)
{
	ASSERT(size == entry->driver->type->grant.size);
	return grant_part(entry, entry->state_at);
}

struct process_id grant_next(const struct driver *driver, struct process_id previous)
{
	struct process *last = &board.processes[process_id_slot(previous)];
	struct process *process;

	if (!is_listed(driver))
		return process_id_none();
	if (scheduler_slots_end == NULL)
		return process_id_none();
	if (process_id_is_none(previous) || last >= scheduler_slots_end)
		last = scheduler_slots_end - 1;
	process = last;
	do {
		process = scheduler_after(process);
		if (process_is_alive(process) && process->grants[driver->index] != NULL)
			return process->id;
	} while (process != last);
	return process_id_none();
}
