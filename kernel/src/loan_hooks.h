/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the rest of the kernel asks of loans. A board without them (LOANS is not 1
 * in its board.mk) links kernel/src/loan_none.c, where the answers are no.
 */
#ifndef KERNEL_LOAN_HOOKS_H
#define KERNEL_LOAN_HOOKS_H

#include "grant_private.h"
#include "trusted/process.h"

#include <stdbool.h>

/* The windows that loans give to a process and take from it; the others are empty. */
void loan_windows(const struct process *process, struct arch_window windows[ARCH_WINDOWS]);

/* The life is over, and its grants: ends all that it lent and borrowed. */
void loan_process_ended(const struct process *process);

/* A buffer that a process wants to share, with `driver` as the number that it named. */
struct loan_allow {
	uptr_t base;
	uint32_t length; /* not 0 */
	enum allow_kind kind;
	uint32_t driver;
};

/* Whether it lies within a loan that lets the process do that; the loan remembers it then. */
bool loan_permits_allow(const struct process *process, const struct loan_allow *allow);

/*
 * The process puts something else in the place of a buffer that it shares: ends what
 * was lent of it (loan_offer_shared()).
 */
void loan_share_ended(const struct process *process, const struct user_slice *share);

/* Says in the log whose loan an address was or is; false: of none of this process. */
bool loan_report(const struct process *process, uptr_t address);

#endif
