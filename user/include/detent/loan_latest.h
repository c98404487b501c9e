/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The latest value of something, for others to read: one writer, any number of
 * readers, no copy by the kernel. Neither waits for the other.
 *
 * The writer:
 *	error = latest_make(&latest, sizeof(value));
 *	error = latest_lend(&latest, peer, &id);
 *	latest_publish(&latest, &value);
 * The reader:
 *	error = loan_await(&loan);
 *	... is loan.lender who it should be? ...
 *	error = latest_open(&view, &loan, sizeof(value));
 *	error = latest_read(&view, &value);
 *
 * The memory is the writer's and lent to read only, so a reader can change
 * nothing. It holds two copies under a sequence lock: a writer that was stopped in
 * the middle of one leaves the other.
 */
#ifndef DETENT_LOAN_LATEST_H
#define DETENT_LOAN_LATEST_H

#include "detent/loan.h"

enum { LATEST_SIZE_MAX = 1 << 20 /* bytes of a value */ };

/* The writer's; its members are private. */
struct latest {
	void *shared;
	size_t length; /* of what is lent */
	size_t size;   /* of a value */
	uint32_t version;
};

/* A reader's. */
struct latest_view {
	const void *shared;
	size_t size;
	loan_id loan;
	uint32_t version; /* of what was read last; 0: nothing yet */
};

/*
 * For values of `size` bytes. E_SIZE: 0, or more than LATEST_SIZE_MAX; E_NOMEM: no
 * memory that can be lent. It is never freed.
 */
MUST_CHECK enum error latest_make(struct latest *latest, size_t size);

/* Lets one more process read; errors of loan_make(). loan_revoke(id) ends that. */
MUST_CHECK enum error latest_lend(const struct latest *latest, peer_id reader, loan_id *id);

/* From now on readers get this value. */
void latest_publish(struct latest *latest, const void *value);

/*
 * Reads from a loan that was accepted, which stays the caller's to return. E_INVAL:
 * it is over, or nothing that latest_make() made for values of this size.
 */
MUST_CHECK enum error latest_open(struct latest_view *view, const struct loan *loan, size_t size);

/*
 * Copies the latest value, whole; `view->version` then differs from what it was before
 * if the value is another. On an error `*value` is undefined. E_RESERVE: none was
 * published; E_BUSY: the writer was quicker, several times; E_UNINSTALLED: the loan is over.
 *
 * The loan is looked up before each copy. A writer that ends in the middle of one
 * still takes the memory away, and this process faults: who must outlive the other
 * should be the one who lends, or be restarted.
 */
MUST_CHECK enum error latest_read(struct latest_view *view, void *value);

#endif
