/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The table of loans that a board gives its kernel (board.mk: LOANS := 1, board.c:
 * struct board's `loans`). Only the kernel looks inside.
 */
#ifndef TRUSTED_LOAN_H
#define TRUSTED_LOAN_H

#include "kernel/loan.h"
#include "trusted/arch.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct user_slice; /* the kernel's own */

enum loan_state {
	LOAN_FREE = 0, /* what it says is of the last loan in this slot, for reports */
	LOAN_LIVE,
	LOAN_ENDING, /* only inside of the call that ends it */
};

/* What its borrower has done with it at some time; each includes the one before. */
enum loan_use {
	LOAN_NOT_USED = 0,
	LOAN_ALLOWED,   /* a part was allowed to a driver */
	LOAN_PASSED_ON, /* loans were made of it */
};

enum { LOAN_NO_PARENT = 0xFF, LOAN_SLOTS_MAX = 255, LOAN_DEPTH_MAX = 255 };

struct loan {
	struct loan_id id;
	struct process_id owner, borrower;
	uptr_t start;
	uint32_t length;
	uint32_t driver;
	uint32_t number; /* they are counted as they are made */
	struct loan_client *client;
	const struct user_slice *share; /* what it was shared as; NULL: it was not */
	uint8_t state;                  /* enum loan_state */
	uint8_t flags;                  /* enum loan_flags */
	uint8_t parent; /* slot of the loan that it was made of, or LOAN_NO_PARENT */
	uint8_t depth;  /* its parent's and one; 0: it has none */
	bool held;      /* the borrower has accepted */
	bool suspended; /* one made of it is exclusive: the borrower's window is shut */
	uint8_t used;   /* enum loan_use */
	uint8_t why;    /* enum loan_end; 0: it never ended */
};

/* The loan of each window of a process, as its slot + 1; 0: no loan's. */
struct loan_windows {
	uint8_t loan[ARCH_WINDOWS];
};

struct loan_config {
	struct loan *table;
	uint8_t slots; /* at most LOAN_SLOTS_MAX; at least one for each process */
	uint8_t quota; /* live loans that one process may have offered */
};

#endif
