/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lending memory to another process, without a copy (driver 0xD0002).
 *
 * The lender:
 *	uint8_t *bytes = loan_alloc(4096, NULL);
 *	struct loan_offer offer = LOAN_OFFER(bytes, 4096, peer);
 *	error = loan_make(&offer, &id);
 * The borrower:
 *	error = loan_await(&loan);
 *	... loan.start, loan.length ...
 *	error = loan_return(loan.id);
 *
 * While a loan is exclusive its owner may not touch the memory, and after its end
 * the borrower may not: either would be stopped by the kernel.
 */
#ifndef DETENT_LOAN_H
#define DETENT_LOAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/loan.h"
#include "detent/compiler.h"
#include "detent/error.h"
#include "detent/syscall.h"

/* Another process, in this life of it: stale once that one ends or restarts. */
typedef uint32_t peer_id;

typedef uint32_t loan_id; /* 0: none */

/* Events of the driver, for subscribe() and yield_wait_for(). */
enum loan_event {
	LOAN_OFFERED = 0, /* (loan, lender, length): to the borrower */
	LOAN_NEAR = 1,    /* (loan, ticks left, -): its deadline comes; to the borrower */
	LOAN_ENDED = 2,   /* (loan, enum loan_end, -): to whoever did not end it */
};

struct loan_offer {
	void *start;
	uint32_t length; /* bytes */
	peer_id borrower;
	uint32_t flags;  /* enum loan_flags */
	uint32_t driver; /* LOAN_TO_... or a driver's number */
	uint32_t ticks;  /* of the alarm, until it ends by itself; 0: never */
};

/* For the borrower's eyes only, and for as long as it likes: change what is to be otherwise. */
#define LOAN_OFFER(bytes, size, peer)                                                              \
	{                                                                                          \
		.start = (bytes), .length = (uint32_t)(size), .borrower = (peer),                  \
		.driver = LOAN_TO_NOBODY                                                           \
	}

struct loan {
	loan_id id;
	peer_id lender;
	void *start;
	size_t length; /* bytes */
};

/* What this processor can lend: the least size from `length` up, and its alignment. */
MUST_CHECK enum error loan_shape(size_t length, size_t *size, size_t *alignment);

/*
 * Memory of at least `length` bytes that can be lent; `*size` (may be null) is how
 * many there are, all of which are to be lent together. Null: there is no memory,
 * or the processor cannot lend that much. It is never freed.
 */
MUST_CHECK void *loan_alloc(size_t length, size_t *size);

/*
 * Offers memory. E_NODEVICE: the borrower is not alive, or does not use loans;
 * E_SIZE: not of the right shape; E_BUSY: lent already; E_RESERVE: this process is
 * shut out of as much of its memory as the processor can; E_NOMEM: too many loans.
 */
MUST_CHECK enum error loan_make(const struct loan_offer *offer, loan_id *id);

/*
 * Takes an offer. E_INVAL: it is over, or another's; E_RESERVE: this process holds
 * as many loans as the processor can; E_ALREADY: it holds a part of it.
 */
MUST_CHECK enum error loan_accept(loan_id id, struct loan *loan);

/*
 * The next offer to this process that it has not taken, after that of an id: its id and its
 * lender, nothing else yet. Id 0: there is none. Begin with 0 to see all in turn.
 */
MUST_CHECK enum error loan_next_offer(loan_id after, struct loan *offer);

/*
 * Takes an offer, and waits for one where there is none; no upcall runs meanwhile. Offers are
 * taken in turn, so that nobody's many can hide another's. What waits to be told about
 * LOAN_OFFERED is dropped. Errors as of loan_accept(): `loan` then has the id and the
 * lender of the offer, which loan_return() declines.
 */
MUST_CHECK enum error loan_await(struct loan *loan);

/* The borrower gives back, the lender takes back. E_INVAL: it is over. */
enum error loan_return(loan_id id);
enum error loan_revoke(loan_id id);

/* The lender sets the deadline anew: so many ticks from now; 0: there is none. */
enum error loan_renew(loan_id id, uint32_t ticks);

/*
 * Of a loan that is offered or open: who the other party is, and its enum
 * loan_flags; either may be null. E_INVAL: it is over, or between others.
 */
enum error loan_describe(loan_id id, peer_id *other, uint32_t *flags);

/* How many loans this process could hold besides those that it has. */
uint32_t loan_windows(void);

/* This process, as others know it. */
peer_id loan_self(void);

/*
 * Others. A ShortId comes from a checked credential; a name is only what an
 * application calls itself. E_NODEVICE: no such process.
 */
MUST_CHECK enum error loan_find_short_id(uint32_t short_id, peer_id *peer);
MUST_CHECK enum error loan_find_name(const char *name, peer_id *peer);

/*
 * Borrows a buffer of the kernel's own pool, zeroed, exclusively, for `ticks`. It may
 * be lent on and allowed to any driver; loan_return() gives it back. E_INVAL: 0 ticks;
 * E_BUSY: all are lent; E_NOMEM: this process has one; E_RESERVE as in loan_accept().
 */
MUST_CHECK enum error loan_from_pool(uint32_t ticks, struct loan *loan);

/* Lets others offer to this process, which first uses the driver here. */
enum error loan_listen(void);

#endif
