/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A buffer that is handed over: either its owner or the one other has it, never both.
 *
 * The owner:
 *	error = buffer_make(&buffer, 4096);
 *	fill(buffer_bytes(&buffer), buffer.length);
 *	error = buffer_hand_over(&buffer, peer);
 *	error = buffer_await(&buffer);
 *	use(buffer_bytes(&buffer), buffer.length);
 * The other:
 *	error = buffer_accept(&loan);
 *	... is loan.lender who it should be? loan.start, loan.length ...
 *	error = loan_return(loan.id);
 *
 * The loan is exclusive: what was checked in the buffer stays as it was.
 */
#ifndef DETENT_LOAN_BUFFER_H
#define DETENT_LOAN_BUFFER_H

#include "detent/loan.h"

/* The owner's. Read length; the rest is private. */
struct buffer {
	uint8_t *bytes;
	size_t length; /* at least what was asked for; all of it is handed over */
	loan_id loan;  /* 0: never handed over */
};

/* A zeroed buffer. E_NOMEM: no memory that can be lent. It is never freed. */
MUST_CHECK enum error buffer_make(struct buffer *buffer, size_t length);

/* Its bytes; null while another has it. Not to be kept over buffer_hand_over(). */
MUST_CHECK uint8_t *buffer_bytes(const struct buffer *buffer);

/* Gives it away, to read and write. E_ALREADY: another has it; errors of loan_make(). */
MUST_CHECK enum error buffer_hand_over(struct buffer *buffer, peer_id peer);

/*
 * Waits until it is back: returned, or the other ended. LOAN_ENDED events of other
 * loans that come meanwhile are lost; no upcall runs. E_RESERVE: it was never handed over.
 * To end it at once: loan_revoke(buffer.loan).
 */
enum error buffer_await(const struct buffer *buffer);

/*
 * Waits for a buffer and takes it. An offer that is not exclusive and to write is declined
 * with E_INVAL: its lender could change it unseen. Other errors as of loan_await().
 */
MUST_CHECK enum error buffer_accept(struct loan *loan);

#endif
