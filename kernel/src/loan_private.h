/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the files of loans. */
#ifndef KERNEL_LOAN_PRIVATE_H
#define KERNEL_LOAN_PRIVATE_H

#include "loan_table.h"
#include "loan_windows.h"
#include "trusted/board.h"
#include "trusted/process.h"

static inline struct loan_table loan_table(void)
{
	return (struct loan_table){board.loans.table, board.loans.slots};
}

/* loan_offer(); `share` is what the region is shared as with a driver, NULL where it is not. */
enum error loan_offer_region(const struct loan_terms *terms, const struct user_slice *share,
			     struct loan_id *id) MUST_CHECK;

/*
 * A new offer of the kernel's, of terms that are right; E_BUSY: a piece is lent
 * already; E_NOMEM: there is no slot that is not kept for a process.
 */
enum error loan_offer_own(const struct loan_terms *terms, struct loan_id *id) MUST_CHECK;

/* Tells about a loan, live or ending. */
void loan_describe(const struct loan *loan, struct loan_info *info);

/* The first window that no loan and no policy has; ARCH_WINDOWS: there is none. */
static inline uint32_t loan_window_left(const struct process *process)
{
	return loan_windows_free(&process->windows, process->policy->window_count != 0 ? 1 : 0);
}

/* What the loan in a slot makes of its window of a live process has changed. */
void loan_renew_window(struct process *process, uint32_t slot);

/* Ends a live loan and all that was made of it; their clients hear of it. */
void loan_finish(uint32_t slot, enum loan_end why);

#endif
