/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A bounded queue of items of one size between two processes: one puts, the other
 * takes, and the kernel copies nothing.
 *
 * The lender, here the one who puts:
 *	error = queue_make(&queue, QUEUE_PUTS, sizeof(item), 16);
 *	error = queue_lend(&queue, peer);
 *	error = queue_put(&queue, &item);
 * The borrower:
 *	error = loan_await(&loan);
 *	... is loan.lender who it should be? ...
 *	error = queue_open(&queue, &loan, QUEUE_TAKES, sizeof(item));
 *	error = queue_take(&queue, &item);
 *
 * Both can write to the memory, so neither believes it: each keeps its own index and the
 * queue's measures to itself, and checks the other's index each time. A peer that
 * lies can spoil the items, and nothing else.
 */
#ifndef DETENT_LOAN_QUEUE_H
#define DETENT_LOAN_QUEUE_H

#include "detent/loan.h"

enum { QUEUE_BYTES_MAX = 1 << 20 /* of all items together */ };

/* What this process does with the queue; the other one does the opposite. */
enum queue_role { QUEUE_PUTS, QUEUE_TAKES };

/* One side of a queue; its members are private. */
struct queue {
	void *shared;
	size_t length; /* of what is lent */
	size_t size;   /* of an item */
	uint32_t slots;
	uint32_t mine; /* items put, or taken, since the loan was made; wraps */
	enum queue_role role;
	loan_id loan; /* 0: none yet */
};

/*
 * A queue for `slots` items of `size` bytes; it is lent by queue_lend(). E_SIZE: slots is
 * not a power of two, size is 0, or both give more than QUEUE_BYTES_MAX; E_NOMEM: no
 * memory that can be lent. It is never freed.
 */
MUST_CHECK enum error queue_make(struct queue *queue, enum queue_role role, size_t size,
				 uint32_t slots);

/*
 * Offers it, empty, to the other side: at first, and again when a loan of it is over.
 * E_ALREADY: it is lent; errors of loan_make().
 */
MUST_CHECK enum error queue_lend(struct queue *queue, peer_id peer);

/*
 * Takes part in the queue of a loan that was accepted, which stays the caller's to
 * return. E_INVAL: it is over, cannot be written to, or is no queue for items of this size
 * whose other side has the other role.
 */
MUST_CHECK enum error queue_open(struct queue *queue, const struct loan *loan, enum queue_role role,
				 size_t size);

/*
 * Copies one item in, or out; does not wait. E_BUSY: it is full, or empty; E_INVAL: not
 * this side's role; E_FAIL: the other side's index cannot be, it does not keep to the
 * rules; E_UNINSTALLED: the loan is over. On an error nothing has changed.
 *
 * What latest_read() says of a lender that ends in the middle of a copy holds for the
 * borrower of a queue too; the lender of a queue cannot fault by it.
 */
MUST_CHECK enum error queue_put(struct queue *queue, const void *item);
MUST_CHECK enum error queue_take(struct queue *queue, void *item);

#endif
