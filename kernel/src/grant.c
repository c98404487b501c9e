/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/grant.h"

#include "grant_private.h"
#include "kernel/assert.h"
#include "process.h"
#include "process_memory.h"
#include "trusted/trace.h"

enum {
	GRANT_ALIGN = 8,
	GRANT_ROOM_MAX = 1024, /* bytes set aside for the grants of a process */
};

static uint32_t round_up(uint32_t size)
{
	return (size + GRANT_ALIGN - 1) / GRANT_ALIGN * GRANT_ALIGN;
}

static uint32_t slices(const struct grant_shape *shape)
{
	return (uint32_t)shape->allow_ro + shape->allow_rw + shape->allow_ur;
}

/* Offsets from the entry, in the order in which the parts lie. */
static uint32_t slices_offset(void)
{
	return round_up(sizeof(struct grant_entry));
}

static uint32_t slots_offset(const struct grant_shape *shape)
{
	return slices_offset() + slices(shape) * (uint32_t)sizeof(struct user_slice);
}

static uint32_t queue_offset(const struct grant_shape *shape)
{
	return slots_offset(shape) + shape->upcalls * (uint32_t)sizeof(struct upcall_slot);
}

static uint32_t state_offset(const struct grant_shape *shape)
{
	return round_up(queue_offset(shape) + shape->queue * (uint32_t)sizeof(struct upcall_node));
}

static void *part(const struct grant_entry *entry, uint32_t offset)
{
	return arch_kernel_pointer(arch_address_of(entry) + offset);
}

struct upcall_slot *grant_upcall(struct grant_entry *entry, uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;

	if (number >= shape->upcalls)
		return NULL;
	return (struct upcall_slot *)part(entry, slots_offset(shape)) + number;
}

struct upcall_node *grant_queue(struct grant_entry *entry)
{
	return part(entry, queue_offset(&entry->driver->type->grant));
}

/* Where the numbers of one kind begin among all of an entry's slices. */
static uint32_t first_slice(const struct grant_shape *shape, enum allow_kind kind)
{
	switch (kind) {
	case ALLOW_RO:
		return 0;
	case ALLOW_RW:
		return shape->allow_ro;
	default:
		return (uint32_t)shape->allow_ro + shape->allow_rw;
	}
}

static uint32_t slice_count(const struct grant_shape *shape, enum allow_kind kind)
{
	switch (kind) {
	case ALLOW_RO:
		return shape->allow_ro;
	case ALLOW_RW:
		return shape->allow_rw;
	default:
		return shape->allow_ur;
	}
}

bool grant_has_slice(const struct driver *driver, enum allow_kind kind, uint32_t number)
{
	return number < slice_count(&driver->type->grant, kind);
}

struct user_slice *grant_slice(const struct grant_entry *entry, enum allow_kind kind,
			       uint32_t number)
{
	const struct grant_shape *shape = &entry->driver->type->grant;

	if (number >= slice_count(shape, kind))
		return NULL;
	return (struct user_slice *)part(entry, slices_offset()) + first_slice(shape, kind) +
	       number;
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

static uint32_t entry_size(const struct grant_shape *shape)
{
	return round_up(state_offset(shape) + shape->size);
}

uint32_t grant_memory_needed(void)
{
	uint32_t room = 0;

	for (uint32_t i = 0; i < board.driver_count; i++)
		room += entry_size(&board.drivers[i].driver->type->grant);
	if (room > GRANT_ROOM_MAX)
		room = GRANT_ROOM_MAX;
	return round_up(board.driver_count * (uint32_t)sizeof(struct grant_entry *)) + room +
	       GRANT_ALIGN;
}

struct grant_entry *grant_create(struct process *process, const struct driver *driver)
{
	uint32_t size = entry_size(&driver->type->grant);
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

static struct grant_entry *enter(struct grant_entry *entry)
{
	if (entry == NULL || entry->entered)
		return NULL;
	entry->entered = true;
	return entry;
}

struct grant_entry *grant_enter(const struct driver *driver, struct process_id id)
{
	struct process *process = process_find(id);

	return process == NULL ? NULL : enter(grant_get(process, driver));
}

struct grant_entry *grant_enter_existing(const struct driver *driver, struct process_id id)
{
	struct process *process = process_find(id);

	return process == NULL ? NULL : enter(process->grants[driver->index]);
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
