/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the oracle remembers of each process: only what system calls and their
 * answers tell, so that it is independent of the kernel's own bookkeeping.
 */
#ifndef ARCH_HOST_ORACLE_PRIVATE_H
#define ARCH_HOST_ORACLE_PRIVATE_H

#include "arch_host.h"
#include "trusted/board.h"

enum {
	ORACLE_SLOTS = 256,
	ORACLE_TABLE = 96, /* subscriptions, and shared buffers, of one process */
};

/* Something that a process set for one number of one driver. */
struct oracle_entry {
	bool used;
	uint32_t class_number; /* SYSCALL_SUBSCRIBE or one of the allows */
	uint32_t driver, number;
	ureg_t value[2]; /* function and data, or address and length */
};

struct oracle_model {
	uint32_t life; /* 0: none was ever begun */
	uptr_t ram_start, ram_end;
	uptr_t app_break, high_water;
	struct oracle_entry table[ORACLE_TABLE];

	/* The system call that is going on. */
	ureg_t in[4];
	uint32_t life_before;
	bool had_grant;
	uint32_t plans_to_refuse;
};

struct oracle_model *oracle_model(const struct process *process);

/* The driver with this number; NULL: the board has none. */
const struct driver *oracle_driver(uint32_t number);

static inline bool oracle_within(uptr_t address, uint64_t length, uptr_t start, uptr_t end)
{
	return address >= start && (uint64_t)address + length <= end;
}

static inline bool oracle_is_alive(const struct process *process)
{
	return process->state >= PROCESS_RUNNING && process->state <= PROCESS_STOPPED;
}

/* Whether all of it lies in a live loan that lets the process share it with the driver. */
bool oracle_borrowed(const struct process *process, uptr_t address, uint64_t length, bool writes,
		     uint32_t driver);

/* The break stays above what the process lends. */
void oracle_note_loans(const struct process *process);

/* What a process shared of loans that are over, it does not share any more. */
void oracle_forget_loans(const struct process *process);

/* The bounds of a live process, its grants and its upcalls are where they must be. */
void oracle_check_memory(const struct process *process);

#endif
