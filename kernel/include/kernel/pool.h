/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Buffers of the kernel that are lent to processes: a capsule fills one that is at
 * home and lends it exclusively; when that loan ends, however it does, the buffer is
 * home again, zeroed. The borrower may allow it to drivers and lend it on, as the
 * terms say. The board makes the buffers, in the section ".pool".
 */
#ifndef KERNEL_POOL_H
#define KERNEL_POOL_H

#include "kernel/loan.h"

struct pool_buffer;

struct pool_client;

struct pool_client_ops {
	/*
	 * The loan has ended and the buffer is home. What `ended` in kernel/loan.h may not
	 * do is forbidden here too.
	 */
	void (*returned)(struct pool_client *client, struct pool_buffer *buffer,
			 const struct loan_info *loan, enum loan_end why);
};

struct pool_client {
	const struct pool_client_ops *ops;
};

struct pool_buffer {
	uint8_t *bytes; /* the board's; reached through pool_bytes() only */
	uint32_t size;
	struct loan_client loan_client; /* the rest is the kernel's */
	struct loan_id loan;            /* 0: it is home */
	struct pool_client *client;
};

/*
 * Once for each buffer. False: it is not of the pool, or the hardware cannot lend
 * all of its size exactly; it cannot be used then.
 */
bool pool_buffer_init(struct pool_buffer *buffer, uint8_t *bytes, uint32_t size) MUST_CHECK;

/* The buffer's bytes; NULL while it is lent. */
uint8_t *pool_bytes(const struct pool_buffer *buffer);

struct pool_terms {
	struct process_id borrower;
	uint32_t driver;            /* as in struct loan_terms */
	struct pool_client *client; /* hears of the end; NULL: nobody */
};

/*
 * Offers the whole buffer to a process, to read and write. E_BUSY: it is lent;
 * E_NODEVICE: the process is not alive; E_NOMEM: it has a buffer of the
 * kernel's already, or the table is full.
 */
enum error pool_lend(const struct cap_loans *cap, struct pool_buffer *buffer,
		     const struct pool_terms *terms, struct loan_id *id) MUST_CHECK;

/* Ends its loan; nothing where it is home. The client hears of it. */
void pool_take_back(const struct cap_loans *cap, struct pool_buffer *buffer);

#endif
