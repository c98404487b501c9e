/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's record of a process. Boards make the array; only the kernel
 * looks inside, and assembly relies on `context` being first.
 */
#ifndef TRUSTED_PROCESS_H
#define TRUSTED_PROCESS_H

#include "kernel/app_identity.h"
#include "kernel/process_admin.h"
#include "kernel/process_id.h"
#include "trusted/arch.h"
#include "trusted/loan.h"
#include "trusted/process_memory.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct grant_entry;
struct process_policy;
struct upcall_slot;
struct upcall_node;

/* A system call, for reports. */
struct syscall_note {
	uint32_t first;            /* its first argument: driver number, or operation */
	uint32_t second_and_class; /* the second, cut to 24 bits, times 256, and the class */
};

/* Not a class: architectures hand on eight bits. */
enum { CLASS_NONE = 0x100 };

enum { RECENT_SYSCALLS = 4 };

struct process {
	struct arch_context context;
	struct arch_mpu mpu;
	struct process_memory memory;
	struct process_id id;
	uint8_t state;   /* enum process_state */
	uint8_t resumes; /* the state that a stopped process goes back to */
	uint8_t name_length;
	bool ready;          /* wants the processor: runs, or an upcall that wakes it is pending */
	bool woken;          /* what `ready` becomes when a stopped process goes on */
	bool filtered;       /* not every system call is allowed */
	uint16_t fast_class; /* the system call class that needs no second look; or CLASS_NONE */
	uint8_t level;       /* the scheduler's own */
	struct loan_windows windows;
	uint8_t lent; /* live loans that it has offered */
	const struct process_policy *policy;

	/* Upcalls in the order in which they came. */
	struct upcall_node *first, *last;

	/* What yield-wait-for waits for; NULL: for what can never come. */
	struct upcall_slot *wait_slot;

	/* One pointer a driver, at the top of the process's own memory. */
	struct grant_entry **grants;

	uptr_t flash_start, flash_end; /* the TBF, header included */
	uptr_t code_end;               /* its footers, which are not executed, begin here */
	uptr_t entry;
	uptr_t app_start;
	uint32_t ram_requested;      /* bytes, as the TBF header has it */
	uptr_t ram_fixed;            /* where its RAM must start; 0: anywhere */
	uint16_t name_offset;        /* of these TLVs' contents, from flash_start */
	uint16_t permissions_offset; /* 0: the header names no permissions */
	uint16_t permissions_count;
	uint16_t storage_offset; /* 0: the header names no storage permissions */
	uint16_t storage_length;
	uint16_t writeable_regions;
	uint16_t writeable_offset; /* of the TLV's first pair, from flash_start */
	bool waits; /* none of its lives executes anything: its version is being kept */

	uptr_t stack_top, heap_start;
	uint32_t completion_code;
	struct app_identity identity;
	uint32_t syscalls;
	uint32_t restarts;
	uint32_t faults;
	uint32_t timeslice_expirations;
	uint32_t upcalls_dropped;
	uint32_t last_command[2]; /* driver and number */
	uint32_t others;          /* system calls that were no commands */
	struct syscall_note
		recent[RECENT_SYSCALLS]; /* of those; number n is at n % RECENT_SYSCALLS */
	struct arch_fault fault;
};

_Static_assert(offsetof(struct process, context) == 0, "assembly takes one for the other");

#endif
