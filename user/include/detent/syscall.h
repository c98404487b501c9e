/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The system calls of Tock 2.x as C functions. A driver's wrapper is built on
 * these; an application needs them only for a driver that has no wrapper.
 *
 * No call but the yields waits, and upcalls run only inside a yield.
 */
#ifndef DETENT_SYSCALL_H
#define DETENT_SYSCALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/drivers.h"
#include "abi/syscall.h"
#include "detent/compiler.h"
#include "detent/error.h"

/* What the kernel calls when something happened; `context` as it was subscribed. */
typedef void upcall_function(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context);

/* A command's answer as it came: an `enum syscall_variant`, and its values. */
struct command_return {
	uint32_t variant;
	uint32_t value[3];
};

/* What a successful subscribe replaced. */
struct subscription {
	upcall_function *upcall;
	void *context;
};

/* Memory that is shared with a driver. */
struct allowed {
	void *start;
	size_t length; /* bytes */
};

struct allowed_const {
	const void *start;
	size_t length; /* bytes */
};

/* The three arguments of the upcall that was waited for. */
struct upcall_values {
	uint32_t arg[3];
};

/* Class 2, any variant of answer. */
struct command_return command(uint32_t driver, uint32_t number, uint32_t arg0, uint32_t arg1);

/* Class 2 for a command that answers Success: E_OK, or the error. */
enum error command_done(uint32_t driver, uint32_t number, uint32_t arg0, uint32_t arg1);

/*
 * Class 2 for a command that answers Success with u32, stored in `*value`.
 * On an error `*value` is untouched.
 */
MUST_CHECK enum error command_value(uint32_t driver, uint32_t number, uint32_t arg0,
				    uint32_t *value);

/* Whether this process may use the driver (command 0, TRD104, section 4.3.1). */
bool driver_exists(uint32_t driver);

/*
 * Class 1. From now on `upcall(…, context)` runs for this event, and events of
 * before are dropped. A null `upcall` ends it. `was` may be null; otherwise it
 * gets what was subscribed before. E_NODEVICE, E_INVAL (no such number),
 * E_NOMEM.
 */
enum error subscribe(uint32_t driver, uint32_t number, struct subscription now,
		     struct subscription *was);

/*
 * Class 3. The driver may read and write `now` until the next call with these
 * numbers; do not touch it meanwhile. Length 0 takes it back. `was` may be
 * null; otherwise it gets what was shared before. E_NODEVICE, E_NOMEM,
 * E_INVAL (no such number, or memory that is not this process's own).
 */
enum error allow_rw(uint32_t driver, uint32_t number, struct allowed now, struct allowed *was);

/* Class 4. As `allow_rw`, but the driver only reads, and flash may be shared too. */
enum error allow_ro(uint32_t driver, uint32_t number, struct allowed_const now,
		    struct allowed_const *was);

/* Class 7. As `allow_rw`, but this process may read `now` while it is shared. */
enum error allow_ur(uint32_t driver, uint32_t number, struct allowed now, struct allowed *was);

/* Class 5. Stores the answer of operation `number` in `*value`, which may be null. */
enum error memop(enum memop_number number, uintptr_t argument, uintptr_t *value);

/* Waits until an upcall has run. */
void yield(void);

/* Runs one upcall if one is pending, and says whether it did. */
bool yield_no_wait(void);

/*
 * Waits for one event, whether anything is subscribed to it or not, and returns
 * its values in place of running its upcall. Other events stay in the queue.
 */
struct upcall_values yield_wait_for(uint32_t driver, uint32_t number);

/* Ends this process for good. Standard output is not flushed: see exit(). */
NORETURN void process_exit(uint32_t status);

/* Ends this process and asks the kernel to start it anew. */
NORETURN void process_restart(uint32_t status);

#endif
