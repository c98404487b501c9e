/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/deferred.h"

#include "deferred_private.h"
#include "trusted/kernel.h"

#include <stddef.h>

static struct deferred *first, *last;

void deferred_set(struct deferred *deferred)
{
	if (deferred->pending)
		return;
	deferred->pending = true;
	deferred->next = NULL;
	if (first == NULL)
		first = deferred;
	else
		last->next = deferred;
	last = deferred;
	kernel_attention();
}

bool deferred_run(void)
{
	struct deferred *deferred = first;

	if (deferred == NULL)
		return false;
	first = deferred->next;
	deferred->pending = false;
	deferred->ops->called(deferred);
	return true;
}
