/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/grant.h"

#include "grant_private.h"
#include "kernel/assert.h"
#include "process.h"
#include "process_memory.h"
#include "trusted/trace.h"

enum { GRANT_ROOM_MAX = 1024 }; /* bytes set aside for the grants of a process */

static void *part(struct grant_entry *entry, uint32_t offset)
{
	return (unsigned char *)entry + offset;
}

struct upcall_slot *grant_upcall(struct grant_entry *entry, uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;

	if (number >= shape->upcalls)
		return NULL;
	return part(entry, slot_offset(shape, number));
}

struct upcall_node *grant_queue(struct grant_entry *entry)
{
	return part(entry, queue_offset(&entry->driver->type->grant));
}

bool grant_has_slice(const struct driver *driver, enum allow_kind kind, uint32_t number)
{
	return number < slice_count(&driver->type->grant, kind);
}

struct user_slice *grant_slice(struct grant_entry *entry, enum allow_kind kind, uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;

	if (number >= slice_count(shape, kind))
		return NULL;
	return part(entry, slice_offset(shape, kind, number));
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
	entry->process = process;
	entry->driver = driver;
	for (uint32_t i = 0; i < driver->type->grant.upcalls; i++) {
		struct upcall_slot *slot = grant_upcall(entry, i);

		ASSERT(slot != NULL);
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
	const struct grant_shape *shape = &entry->driver->type->grant;

	ASSERT(size == shape->size);
	return part(entry, state_offset(shape));
}

struct process_id grant_next(const struct driver *driver, struct process_id previous)
{
	if (!is_listed(driver))
		return process_id_none();

	uint32_t slot =
		process_id_is_none(previous) ? board.process_count - 1 : previous.raw & 0xFF;

	for (uint32_t i = 0; i < board.process_count; i++) {
		slot = slot + 1 < board.process_count ? slot + 1 : 0;

		struct process *process = &board.processes[slot];

		if (process_is_alive(process) && process->grants[driver->index] != NULL)
			return process->id;
	}
	return process_id_none();
}
