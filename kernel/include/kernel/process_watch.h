/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Hearing that a process is gone, for capsules that keep something about pairs of them. */
#ifndef KERNEL_PROCESS_WATCH_H
#define KERNEL_PROCESS_WATCH_H

#include "kernel/process_id.h"

struct process_watch;

struct process_watch_ops {
	/*
	 * This life has ended, by whatever way, a restart included: its handle is
	 * stale, its grants and loans are gone, and no process has run since. Upcalls
	 * may be scheduled for others; processes must not be ended or started.
	 */
	void (*ended)(struct process_watch *watch, struct process_id process);
};

struct process_watch {
	const struct process_watch_ops *ops;
	struct process_watch *next; /* the kernel's */
};

/* For ever; once for each. Boards without loans (LOANS in board.mk) tell nobody. */
void process_watch_add(struct process_watch *watch);

#endif
