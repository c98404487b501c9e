/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KERNEL_DEFERRED_PRIVATE_H
#define KERNEL_DEFERRED_PRIVATE_H

#include "kernel/deferred.h"

#include <stdbool.h>
#include <stddef.h>

/* The oldest one that is set; NULL: none is. */
extern struct deferred *deferred_first;

void deferred_run_first(void);

/* Runs the oldest deferred call. False: there is none. */
static inline bool deferred_run(void)
{
	if (deferred_first == NULL)
		return false;
	deferred_run_first();
	return true;
}

#endif
