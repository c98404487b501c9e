/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How a grant lies in process memory: the entry, then what is shared (read-only,
 * read-write, userspace-readable), the upcall slots, the queue's extra nodes and
 * the capsule's state.
 */
#ifndef KERNEL_GRANT_PRIVATE_H
#define KERNEL_GRANT_PRIVATE_H

#include "kernel/grant.h"
#include "trusted/process.h"

/* A subscription and the one upcall that can always be pending for it. */
struct upcall_slot {
	uptr_t function; /* 0: the null upcall */
	ureg_t data;
	struct grant_entry *entry;
	uint32_t number;
	struct upcall_node node;
};

/* What a process shares: an allegation that was checked when it was made. */
struct user_slice {
	uptr_t base;
	uint32_t length;
};

struct grant_entry {
	struct process *process;
	const struct driver *driver;
	bool entered;
};

enum allow_kind { ALLOW_RO, ALLOW_RW, ALLOW_UR };

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

/* NULL: the driver has no such number. */
struct upcall_slot *grant_upcall(struct grant_entry *entry, uint32_t number);
struct user_slice *grant_slice(const struct grant_entry *entry, enum allow_kind kind,
			       uint32_t number);

/* Whether a driver has such an allow number. */
bool grant_has_slice(const struct driver *driver, enum allow_kind kind, uint32_t number);

/* The extra nodes of the queue. */
struct upcall_node *grant_queue(struct grant_entry *entry);

#endif
