/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_watch.h"

#include <stddef.h>

static struct process_watch *first;

void process_watch_add(struct process_watch *watch)
{
	watch->next = first;
	first = watch;
}

void process_watch_tell(struct process_id process)
{
	for (struct process_watch *watch = first; watch != NULL; watch = watch->next)
		watch->ops->ended(watch, process);
}
