/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the files of loans. */
#ifndef KERNEL_LOAN_PRIVATE_H
#define KERNEL_LOAN_PRIVATE_H

#include "loan_table.h"
#include "trusted/board.h"
#include "trusted/process.h"

static inline struct loan_table loan_table(void)
{
	return (struct loan_table){board.loans.table, board.loans.slots};
}

/* A new offer in the table, of checked terms; E_NOMEM: it is full. Windows are the caller's. */
enum error loan_make(const struct loan_terms *terms, struct loan_id *id) MUST_CHECK;

/* Tells about a loan, live or ending. */
void loan_describe(const struct loan *loan, struct loan_info *info);

/*
 * A loan of a live process gets a window of it, and there is one left; what it makes of
 * it has changed; or it needs it no more, for it is not live.
 */
void loan_take_window(struct process *process, const struct loan *loan);
void loan_renew_window(struct process *process, const struct loan *loan);
void loan_drop_window(struct process *process, const struct loan *loan);

/* Ends a live loan and all that was made of it; their clients hear of it. */
void loan_finish(struct loan *loan, enum loan_end why);

#endif
