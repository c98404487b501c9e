/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Looking at and steering processes. Every call takes the right to do so: an
 * instance exists only where the board makes one, and a capsule can only pass
 * on what it was given.
 */
#ifndef KERNEL_PROCESS_ADMIN_H
#define KERNEL_PROCESS_ADMIN_H

#include "abi/error.h"
#include "kernel/process_id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cap_process_admin; /* complete only in trusted/capability.h */

enum process_state {
	PROCESS_UNUSED = 0,  /* the slot is free */
	PROCESS_RUNNING,     /* wants the processor */
	PROCESS_YIELDED,     /* in yield-wait */
	PROCESS_YIELDED_FOR, /* in yield-wait-for */
	PROCESS_STOPPED,     /* held by an operator; goes on where it was */
	PROCESS_FAULTED,     /* misbehaved; keeps its memory for inspection */
	PROCESS_TERMINATED,  /* ended; can be booted again */
};

struct process_info {
	struct process_id id;
	uint32_t slot;
	enum process_state state;
	uint32_t short_id; /* 0: locally unique */
	uint32_t timeslice_expirations;
	uint32_t syscalls;
	uint32_t restarts;
	uint32_t upcalls_dropped;
	uint32_t upcalls_pending;
	uint32_t grants_used;
	uint32_t grants_total;
	uint32_t completion_code; /* of the last exit */
	uint32_t flash_start, flash_end;
	uint32_t ram_start, ram_end; /* ram_end is one past the last byte */
	uint32_t app_break, grant_break;
	uint32_t stack_top, heap_start; /* as the process told (memop 10, 11); 0: never */
	uint32_t ram_open_end;          /* where the hardware stops the process; from ram_start */
	uint32_t ram_requested;         /* bytes asked for in the TBF header */
	uint32_t ram_kernel;            /* bytes set aside for grants above what it asked for */
};

/* Slots run from 0 to process_slots() - 1. */
uint32_t process_slots(const struct cap_process_admin *cap);

/* False where the slot is unused. */
bool process_inspect(const struct cap_process_admin *cap, uint32_t slot, struct process_info *info);

/* Copies the package name, cut to capacity - 1, with a NUL; returns its length. */
size_t process_name(const struct cap_process_admin *cap, struct process_id id, char *destination,
		    size_t capacity);

/*
 * Looks for applications in flash that are not loaded and starts those for which
 * there is room now.
 */
void process_load(const struct cap_process_admin *cap);

/* Puts the record of the last fault into the log, for `detent explain`. */
void fault_record_print(const struct cap_process_admin *cap);

/*
 * Each answers E_NODEVICE for a stale handle and E_ALREADY where the process is
 * in that state or cannot leave it that way. process_boot() answers E_NOMEM where
 * the RAM of an ended process has gone to others, E_FAIL where its slot has no
 * more handles to give, and E_BUSY where another live process has its short id:
 * one application has one process, perhaps by now of a newer version.
 * process_resume() answers E_BUSY while the version of the process is being kept;
 * until then it stays stopped, however it is started.
 */
enum error process_stop(const struct cap_process_admin *cap, struct process_id id);
enum error process_resume(const struct cap_process_admin *cap, struct process_id id);
enum error process_terminate(const struct cap_process_admin *cap, struct process_id id);
enum error process_boot(const struct cap_process_admin *cap, struct process_id id);
enum error process_fault(const struct cap_process_admin *cap, struct process_id id);

struct kernel_info {
	const char *build_record; /* NUL-terminated lines of key=value */
	uint32_t processes, active;
	uint32_t timeslice_expirations;
	uint32_t text_start, text_end;
	uint32_t rodata_start, rodata_end;
	uint32_t data_start, data_end;
	uint32_t bss_start, bss_end;
	uint32_t stack_start, stack_end;
	uint32_t apps_start, apps_end;
	uint32_t app_ram_start, app_ram_end;
};

void kernel_inspect(const struct cap_process_admin *cap, struct kernel_info *info);

/* Restarts the whole system, or ends it with a fault report. Neither returns. */
void kernel_reset(const struct cap_process_admin *cap);
void kernel_panic(const struct cap_process_admin *cap);

#endif
