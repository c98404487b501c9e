/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Loans of memory between processes: docs/reference/loans.md, docs/syscalls/d0002_loan.md. */
#ifndef ABI_LOAN_H
#define ABI_LOAN_H

enum loan_flags {
	LOAN_WRITE = 1,     /* the borrower may write, not only read */
	LOAN_EXCLUSIVE = 2, /* the owner has no access from the offer to the end */
};

/* What the borrower may pass the region on to, in place of a driver number. */
#define LOAN_TO_ANY 0xFFFFFFFFu    /* every driver, and other processes */
#define LOAN_TO_NOBODY 0xFFFFFFFEu /* it keeps it to itself */

/* Why a loan ended. */
enum loan_end {
	LOAN_RETURNED = 1,
	LOAN_REVOKED,
	LOAN_EXPIRED,
	LOAN_OWNER_DIED,
	LOAN_BORROWER_DIED,
	LOAN_PARENT_ENDED, /* the loan that it was made of */
};

#endif
