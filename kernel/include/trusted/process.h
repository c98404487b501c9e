/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's record of a process. Boards make the array; only the kernel
 * looks inside, and assembly relies on `context` being first.
 */
#ifndef TRUSTED_PROCESS_H
#define TRUSTED_PROCESS_H

#include "kernel/process_admin.h"
#include "kernel/process_id.h"
#include "process_memory.h"
#include "trusted/arch.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct grant_entry;

/* An upcall that waits for its process to yield. Lives in the process's grant. */
struct upcall_node {
	struct upcall_node *next;
	struct grant_entry *entry;
	uint32_t argument[3];
	uint8_t number;
	bool pending;
};

struct process {
	struct arch_context context;
	struct arch_mpu mpu;
	struct process_memory memory;
	struct process_id id;
	uint8_t state;   /* enum process_state */
	uint8_t resumes; /* the state that a stopped process goes back to */
	uint8_t name_length;
	bool ready; /* yielded, and an upcall that wakes it is pending */

	/* Upcalls in the order in which they came. */
	struct upcall_node *first, *last;

	/* What yield-wait-for waits for. */
	struct grant_entry *wait_entry;
	uint32_t wait_number;

	/* One pointer a driver, at the top of the process's own memory. */
	struct grant_entry **grants;

	uptr_t flash_start, flash_end; /* the TBF, header included */
	uptr_t entry;
	uptr_t app_start;
	uint32_t ram_requested;
	uint16_t name_offset; /* from flash_start */
	uint16_t writeable_regions;
	uint32_t writeable_offset; /* of the TLV's first pair, from flash_start */

	uptr_t stack_top, heap_start;
	uint32_t completion_code;
	uint32_t short_id;
	uint32_t syscalls;
	uint32_t restarts;
	uint32_t timeslice_expirations;
	uint32_t upcalls_dropped;
	struct arch_fault fault;
};

_Static_assert(offsetof(struct process, context) == 0, "assembly takes one for the other");

#endif
