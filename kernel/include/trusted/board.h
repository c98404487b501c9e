/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board is data: this one structure, defined as `board` in its board.c, is
 * all that the kernel knows of it.
 */
#ifndef TRUSTED_BOARD_H
#define TRUSTED_BOARD_H

#include "kernel/driver.h"
#include "trusted/loan.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct app_checker;
struct process;

struct driver_entry {
	uint32_t number;
	struct driver *driver;
};

/* What happens to a process that faults. */
enum fault_policy {
	FAULT_STOP,    /* it stays faulted; the others go on */
	FAULT_DUMP,    /* the same, and its registers and memory map are printed */
	FAULT_RESTART, /* it starts anew, for the first `restart_limit` faults (0: always) */
	FAULT_PANIC,   /* the whole system ends with a report */
};

/* A driver that a process may use, and which of its commands. */
struct driver_permission {
	uint32_t driver;
	uint64_t commands; /* bit n: command n; those from 64 on need the last bit */
};

/* What an application without a short id is to the storage core. */
enum storage_identity {
	STORAGE_BY_SHORT_ID, /* nobody: it may keep nothing */
	STORAGE_BY_CLAIM,    /* who its header says: for developers' boards only */
};

/* Memory outside of its own that a process may read; memop 12 to 15 tell it where. */
struct memory_window {
	uint32_t start, length;
	uint32_t type; /* 1: for a store, 2: a partition (google/OpenSK, storage patch) */
};

/* How the processes of those applications that all of the first three fit are treated. */
struct process_policy {
	const char *name;  /* package name; NULL: not looked at */
	uint32_t short_id; /* 0: not looked at */
	uint8_t role;      /* of the key that vouches for it; 0: not looked at */
	enum fault_policy fault;
	uint32_t restart_limit;
	uint32_t timeslice_us;               /* 0: none, it runs until it yields */
	const struct memory_window *windows; /* in order, each beginning where the last one ends */
	uint32_t window_count;
	uint8_t storage;  /* enum storage_identity */
	uint8_t priority; /* for the schedulers that know one: 0 runs first */
	bool installs;    /* may install, update and remove applications */
	/* What it may call; NULL: every driver. Command 0 is allowed with the driver. */
	const struct driver_permission *permissions;
	uint32_t permission_count;
	void (*ended)(struct process *process); /* a life of it ended; NULL: nobody asks */
};

struct board {
	const char *name;
	const struct driver_entry *drivers; /* most used first: they are searched in order */
	uint32_t driver_count;
	struct process *processes;
	uint32_t process_count;                /* at most 255 */
	struct process_policy policy;          /* of processes that none of `policies` is for */
	const struct process_policy *policies; /* the first that fits counts */
	uint32_t policy_count;
	struct loan_config loans;    /* with LOANS := 1 in board.mk */
	struct app_checker *checker; /* decides who may run; with kernel/src/checked only */
	const char *prompt;          /* printed once the processes were loaded; NULL: nothing */
};

extern const struct board board;

#endif
