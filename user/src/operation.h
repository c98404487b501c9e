/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * For drivers whose commands answer at once and end with one upcall, and whose
 * buffers have number 0.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include "detent/syscall.h"

struct operation {
	uint32_t driver;
	uint32_t command;
	uint32_t event;
	uint32_t arg[2];
	struct allowed buffer;      /* for the driver to fill; length 0: none */
	struct allowed_const bytes; /* for the driver to read; length 0: none */
	bool without_status;        /* the event is (length, -, -) */
};

typedef void operation_done(enum error error, size_t length, void *context);

/* An operation that was started and has not ended; static, one a driver. */
struct operation_pending {
	bool under_way;
	struct operation operation;
	operation_done *done;
	void *context;
};

/* Starts, waits and takes the buffers back. `length` may be null. */
MUST_CHECK enum error operation_wait(const struct operation_pending *pending,
				     const struct operation *operation, size_t *length);

/* Starts; `done`, unless null, runs at the end. E_BUSY: something is under way. */
MUST_CHECK enum error operation_start(struct operation_pending *pending,
				      const struct operation *operation, operation_done *done,
				      void *context);

#endif
