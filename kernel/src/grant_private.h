/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Grants and their tables, by process and driver. Private to the kernel. */
#ifndef KERNEL_GRANT_PRIVATE_H
#define KERNEL_GRANT_PRIVATE_H

#include "grant_tables.h"
#include "kernel/grant.h"
#include "trusted/process.h"

/* Allocates a grant that is not there yet; NULL: no memory. */
struct grant_entry *grant_create(struct process *process, const struct driver *driver);

/* The grant, allocated where it is not there yet; NULL: no memory. */
static inline struct grant_entry *grant_get(struct process *process, const struct driver *driver)
{
	struct grant_entry *entry = process->grants[driver->index];

	return LIKELY(entry != NULL) ? entry : grant_create(process, driver);
}

/*
 * Bytes to set aside for the kernel above what an application asked for: the
 * table of grants, and room for the grants themselves. They may need more on a
 * board with many drivers; that then comes out of what the application does not
 * use, as libtock's --kernel-heap means it to.
 */
uint32_t grant_memory_needed(void);

/* What lies `offset` bytes from the start of a grant: grant_tables.h. */
static inline void *grant_part(struct grant_entry *entry, uint32_t offset)
{
	return (unsigned char *)entry + offset;
}

/* NULL: the driver has no such number. */
static inline struct upcall_slot *grant_upcall(struct grant_entry *entry, uint32_t number)
{
	struct upcall_slot *slots = grant_part(entry, entry->slots_at);

	return number < entry->driver->type->grant.upcalls ? &slots[number] : NULL;
}

struct user_slice *grant_slice(struct grant_entry *entry, enum allow_kind kind, uint32_t number);
const struct user_slice *grant_shared(const struct grant_entry *entry, enum allow_kind kind,
				      uint32_t number);

/* Whether a driver has such an allow number. */
bool grant_has_slice(const struct driver *driver, enum allow_kind kind, uint32_t number);

/* The extra nodes of the queue, which follow the slots. */
static inline struct upcall_node *grant_queue(struct grant_entry *entry)
{
	struct upcall_slot *slots = grant_part(entry, entry->slots_at);

	return (struct upcall_node *)(void *)(slots + entry->driver->type->grant.upcalls);
}

#endif
