/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Deferred calls: a capsule asks to be called from the main loop, so that it
 * never has to call a client from inside that client's own call.
 */
#ifndef KERNEL_DEFERRED_H
#define KERNEL_DEFERRED_H

#include <stdbool.h>

struct deferred;

struct deferred_ops {
	void (*called)(struct deferred *deferred);
};

struct deferred {
	const struct deferred_ops *ops;
	struct deferred *next; /* the kernel's */
	bool pending;          /* the kernel's */
};

/* Calls back once, soon. Setting one that is pending changes nothing. */
void deferred_set(struct deferred *deferred);

#endif
