/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board is data: this one structure, defined as `board` in its board.c, is
 * all that the kernel knows of it.
 */
#ifndef TRUSTED_BOARD_H
#define TRUSTED_BOARD_H

#include "kernel/driver.h"
#include "trusted/types.h"

#include <stdint.h>

struct process;

struct driver_entry {
	uint32_t number;
	struct driver *driver;
};

/* What happens to a process that faults. */
enum fault_policy {
	FAULT_STOP,    /* it stays faulted; the others go on */
	FAULT_RESTART, /* it starts anew, at most `restart_limit` times */
	FAULT_PANIC,   /* the whole system ends with a report */
};

struct board {
	const char *name;
	const struct driver_entry *drivers; /* most used first: they are searched in order */
	uint32_t driver_count;
	struct process *processes;
	uint32_t process_count; /* at most 255 */
	uint32_t timeslice_us;  /* 0: none, processes run until they yield */
	enum fault_policy fault_policy;
	uint32_t restart_limit;
	const char *prompt; /* printed once the processes were loaded; NULL: nothing */
};

extern const struct board board;

#endif
