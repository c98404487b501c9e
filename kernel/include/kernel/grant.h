/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Grants: a driver's state for one process, in that process's own memory,
 * together with the process's subscriptions and shared buffers for this driver.
 *
 *	GRANT_ENTER(entry, &self->driver, process);
 *	if (entry == NULL)
 *		return syscall_failure(E_NOMEM);
 *	struct console_grant *state = GRANT_STATE(entry, struct console_grant);
 *
 * An entry is left when its scope ends, on every path. Nothing obtained from it
 * may be kept: a process can end between two calls of a capsule.
 */
#ifndef KERNEL_GRANT_H
#define KERNEL_GRANT_H

#include "kernel/driver.h"
#include "kernel/process_id.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grant_entry; /* the kernel's own */

/*
 * The grant of `process`, allocated and zeroed on first use. NULL where the
 * process is gone or has no memory left, where the grant is entered already further
 * up the call chain, and for a handle that is not the one that the board lists.
 */
struct grant_entry *grant_enter(const struct driver *driver, struct process_id process) MUST_CHECK;

/* As grant_enter(), but NULL where the process has not used the driver yet. */
struct grant_entry *grant_enter_existing(const struct driver *driver,
					 struct process_id process) MUST_CHECK;

/*
 * Enters the next grant of this driver that exists and is not entered yet, in the
 * order of the slots after `*at`, and puts its process there. NULL: there is none
 * further on. Begin with process_id_none().
 */
struct grant_entry *grant_enter_after(const struct driver *driver,
				      struct process_id *at) MUST_CHECK;

/* Ends what grant_enter() began; NULL is ignored. */
void grant_leave(struct grant_entry *entry);

/* The process that an entered grant belongs to. */
struct process_id grant_process(const struct grant_entry *entry);

/*
 * The capsule's own state in an entered grant. `size` must be the size that the
 * driver's shape declares. Use GRANT_STATE().
 */
void *grant_state(struct grant_entry *entry, size_t size);

/*
 * The next process, in round-robin order after `previous`, that has a grant of
 * this driver; process_id_none() where there is none at all. Start with
 * process_id_none(). A caller that wants one full turn counts with
 * grant_holders() or stops when it meets its first one again.
 */
struct process_id grant_next(const struct driver *driver, struct process_id previous);

static inline void grant_cleanup(struct grant_entry **entry)
{
	grant_leave(*entry);
}

#define GRANT_ENTER(entry, driver, process)                                                        \
	CLEANUP(grant_cleanup) struct grant_entry *entry = grant_enter((driver), (process))

#define GRANT_ENTER_EXISTING(entry, driver, process)                                               \
	CLEANUP(grant_cleanup) struct grant_entry *entry = grant_enter_existing((driver), (process))

#define GRANT_STATE(entry, type) ((type *)grant_state((entry), sizeof(type)))

/*
 * Schedules the upcall `number` with three arguments. It runs, or ends a
 * yield-wait-for, when the process yields. One upcall a number can be pending,
 * and `queue` more a driver; beyond that it is dropped and counted: E_BUSY.
 * E_INVAL: no such subscribe number.
 */
enum error upcall_schedule(struct grant_entry *entry, uint32_t number, uint32_t a0, uint32_t a1,
			   uint32_t a2);

/* True while an upcall of this number waits for its process to yield. */
bool upcall_pending(const struct grant_entry *entry, uint32_t number);

/* Lengths in bytes of what the process shares now; 0 where it shares nothing. */
size_t allow_ro_length(const struct grant_entry *entry, uint32_t number);
size_t allow_rw_length(const struct grant_entry *entry, uint32_t number);
size_t allow_ur_length(const struct grant_entry *entry, uint32_t number);

/*
 * Copies between the capsule and a shared buffer, with the process's own rights.
 * A copy goes whole or not at all: E_SIZE where [offset, offset + length) is not
 * within the shared buffer, E_INVAL where there is no such allow number, E_FAIL
 * where the hardware refused the access.
 */
enum error allow_ro_read(const struct grant_entry *entry, uint32_t number, size_t offset,
			 void *destination, size_t length) MUST_CHECK;
enum error allow_rw_read(const struct grant_entry *entry, uint32_t number, size_t offset,
			 void *destination, size_t length) MUST_CHECK;
enum error allow_rw_write(const struct grant_entry *entry, uint32_t number, size_t offset,
			  const void *source, size_t length) MUST_CHECK;
enum error allow_ur_write(const struct grant_entry *entry, uint32_t number, size_t offset,
			  const void *source, size_t length) MUST_CHECK;

/* A shared buffer of an entered grant, for allow_copy(). */
struct allow_end {
	const struct grant_entry *entry;
	uint32_t number;
};

/*
 * Copies the first `length` bytes of a read-only buffer to the beginning of a
 * read-write one of another process, each with the rights of its own. Errors as
 * above; with E_FAIL a part may have been copied.
 */
enum error allow_copy(const struct allow_end *from, const struct allow_end *to,
		      size_t length) MUST_CHECK;

#endif
