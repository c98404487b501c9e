/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/deferred.h"

#include "deferred_private.h"
#include "trusted/kernel.h"

#include <stddef.h>

struct deferred *deferred_first;

static struct deferred *last;

void deferred_set(struct deferred *deferred)
{
	if (deferred->pending)
		return;
	deferred->pending = true;
	deferred->next = NULL;
	if (deferred_first == NULL)
		deferred_first = deferred;
	else
		last->next = deferred;
	last = deferred;
	kernel_attention();
}

void deferred_run_first(void)
{
	struct deferred *deferred = deferred_first;

	deferred_first = deferred->next;
	deferred->pending = false;
	deferred->ops->called(deferred);
}
