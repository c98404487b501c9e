/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Loans: a region of memory that its owner lets a process use for a while. What
 * the borrower may do with it is a window of the hardware's memory protection,
 * so a loan is exact to the byte or it is not made (loan_shape()).
 *
 *	offered --accept--> held --return, revoke, expiry, death--> ended
 *
 * A loan ends by its borrower (return), its owner (revoke), its time
 * (loan_expire(), called by whoever keeps time), the death or restart of either,
 * or the end of the loan that it was made of. When a call that ends a loan
 * returns, nobody reaches the region by it any more: its window is gone, and so
 * is every allow into it and every loan made of it, at every depth.
 *
 * An id comes again only after 2^24 - 1 loans in its slot, and the calls for
 * processes check that the caller is a party to the loan, so that a stale one
 * reaches nothing of others. All calls take a right and may be made from commands,
 * callbacks and deferred calls, but not from inside `ended`.
 * docs/reference/loans.md has the whole story.
 */
#ifndef KERNEL_LOAN_H
#define KERNEL_LOAN_H

#include "abi/error.h"
#include "abi/loan.h"
#include "kernel/process_id.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct cap_loans; /* complete only in trusted/capability.h */

struct loan_id {
	uint32_t raw; /* 0 is none */
};

/* The slot of the kernel's table that the id names, live or not: its low eight bits. */
/*@ terminates \true;
    assigns \nothing;
    ensures \result == id.raw % 256;
*/
static inline uint32_t loan_id_slot(struct loan_id id)
{
	return id.raw % 256;
}

enum { LOAN_FLAGS = LOAN_WRITE | LOAN_EXCLUSIVE /* all that there are */ };

struct loan_info {
	struct loan_id id;
	struct loan_id parent;   /* what the region was borrowed by itself; 0: nothing */
	struct process_id owner; /* nobody: the kernel */
	struct process_id borrower;
	uint32_t start, length; /* an allegation of the owner, for the borrower; bytes */
	uint32_t driver;        /* LOAN_TO_ANY, LOAN_TO_NOBODY, or the one driver for allows */
	uint8_t flags;
	bool held; /* accepted; else offered only */
};

struct loan_client;

struct loan_client_ops {
	/*
	 * The loan has ended, and all of what the call says above is done. Not to
	 * call loan_...() from here; upcalls may be scheduled. Processes that died
	 * have no grants any more.
	 */
	void (*ended)(struct loan_client *client, const struct loan_info *loan, enum loan_end why);
};

struct loan_client {
	const struct loan_client_ops *ops;
};

struct loan_terms {
	struct process_id owner, borrower;
	uint32_t start, length; /* of the owner's own RAM, or of one loan that it holds */
	uint32_t flags;
	/*
	 * A driver to which alone the borrower may allow (a part of) the region, or
	 * LOAN_TO_... The number of the loan driver lets it lend and not allow.
	 */
	uint32_t driver;
	struct loan_client *client; /* hears of the end; NULL: nobody */
};

/*
 * Offers a region. An exclusive offer takes the owner's own access away at once.
 * On success `*id` names the loan. Errors, where nothing changed:
 *   E_NODEVICE  the owner or the borrower is not alive
 *   E_INVAL     not the owner's own RAM below its break, and not within one loan
 *               that it holds with these rights and may pass on; to itself, or to
 *               someone it came from; flags unknown; exclusive without having
 *               the whole region for itself alone
 *   E_SIZE      the hardware cannot express exactly this: ask loan_shape()
 *   E_BUSY      a part is lent already, and one of the two loans is exclusive
 *   E_RESERVE   the owner has no window left to be shut out by
 *   E_NOMEM     the quota of the owner or the table is used up
 */
enum error loan_offer(const struct cap_loans *cap, const struct loan_terms *terms,
		      struct loan_id *id) MUST_CHECK;

struct grant_entry;

/* A read-write buffer that the process of an entered grant shares with the driver. */
struct loan_shared {
	const struct grant_entry *entry;
	uint32_t number; /* read-write allow number; a buffer of at least one byte */
	struct process_id borrower;
	uint32_t flags;
	struct loan_client *client;
};

/*
 * Offers what a process shares with a driver to another process, which may keep it
 * to itself only. The loan ends, besides, when the owner shares anything else under
 * this number. Errors as loan_offer(); E_INVAL: nothing is shared.
 */
enum error loan_offer_shared(const struct cap_loans *cap, const struct loan_shared *shared,
			     struct loan_id *id) MUST_CHECK;

struct loan_place {
	uint32_t start, length; /* an address for the borrower; bytes */
};

/*
 * The borrower takes the offer: the region, `*place` (may be NULL), is in its reach then.
 * E_INVAL: no such offer to it; E_ALREADY: it holds a loan of a part of the region;
 * E_RESERVE: it has no window left.
 */
enum error loan_accept(const struct cap_loans *cap, struct process_id borrower, struct loan_id id,
		       struct loan_place *place) MUST_CHECK;

/* The borrower gives the loan back, or declines the offer. E_INVAL: not its loan. */
enum error loan_return(const struct cap_loans *cap, struct process_id borrower,
		       struct loan_id id) MUST_CHECK;

/* The owner takes the region back. E_INVAL: not its loan. */
enum error loan_revoke(const struct cap_loans *cap, struct process_id owner,
		       struct loan_id id) MUST_CHECK;

/* Ends the loan because its time is up. E_INVAL: it is over already. */
enum error loan_expire(const struct cap_loans *cap, struct loan_id id);

/* What a live loan is; false: it is over, or never was. */
bool loan_inspect(const struct cap_loans *cap, struct loan_id id, struct loan_info *info);

/*
 * A loan that was offered to a process and not accepted yet: the next one in the order of
 * the slots after that of `after`, which may be over and comes last; 0: there is none.
 */
struct loan_id loan_next_offer(const struct cap_loans *cap, struct process_id borrower,
			       struct loan_id after);

/* How many loans the board has room for; loan_id_slot() is less. */
uint32_t loan_slots(const struct cap_loans *cap);

/* The windows that a process has left. */
uint32_t loan_windows_left(const struct cap_loans *cap, struct process_id process);

struct loan_shape {
	uint32_t size;      /* bytes; 0: the hardware has nothing that large */
	uint32_t alignment; /* of the start; a power of two */
};

/* The least size, from `length` up, and the alignment that can be lent for sure. */
struct loan_shape loan_shape(uint32_t length);

#endif
