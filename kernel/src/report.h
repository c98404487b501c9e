/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the kernel says of faults, and what it keeps of them. Private to the kernel. */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "trusted/process.h"

/* The fault in words, in a few lines. `reason`: see process_misbehaved(). */
void report_fault(struct process *process, const char *reason);

/* Registers, memory map and the last system calls of a process. */
void report_dump(struct process *process);

/*
 * Keeps a record of a fault in memory that a reset leaves alone. `process` or
 * `fault` may be NULL.
 */
void report_keep(struct process *process, const struct arch_fault *fault);

/* Prints the record of the last fault, if there is one, for `detent explain`. */
void report_kept(void);

#endif
