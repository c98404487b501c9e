/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the files of loans. */
#ifndef KERNEL_LOAN_PRIVATE_H
#define KERNEL_LOAN_PRIVATE_H

#include "loan_table.h"

/* The board's. */
struct loan_table loan_table(void);

/* A new offer in the table, of checked terms; E_NOMEM: it is full. Windows are the caller's. */
enum error loan_make(const struct loan_terms *terms, struct loan_id *id) MUST_CHECK;

/* Tells about a loan, live or ending. */
void loan_describe(const struct loan *loan, struct loan_info *info);

/* Ends a live loan and all that was made of it; their clients hear of it. */
void loan_finish(struct loan *loan, enum loan_end why);

#endif
