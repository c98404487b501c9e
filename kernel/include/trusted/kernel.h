/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What architectures and boards call in the kernel.
 */
#ifndef TRUSTED_KERNEL_H
#define TRUSTED_KERNEL_H

#include "lib/compiler.h"
#include "trusted/arch.h"
#include "trusted/types.h"

#include <stdbool.h>

/*
 * A system call of the process that runs. `registers` are its first four
 * argument registers; those that the return variant defines are written.
 * `class_number` is below 256. True: go straight back to it. False: its context must be saved whole and
 * kernel_next() asked.
 */
bool kernel_syscall(struct process *process, ureg_t registers[4], uint32_t class_number) MUST_CHECK;

/* The process that runs has faulted; its context is saved whole. kernel_next() follows. */
void kernel_process_fault(struct process *process, const struct arch_fault *fault);

/* The main loop: serves interrupts and deferred calls until a process can run. */
struct process *kernel_next(void) MUST_CHECK;

/* A bug of the kernel, or an interrupt nobody wired: reports and ends. */
NORETURN void kernel_fatal(const char *reason, const struct arch_fault *fault);

/* Asks the main loop to come round before the running process goes on. */
void kernel_attention(void);

/* Everything the board set up is ready: loads the processes and runs. Never returns. */
NORETURN void kernel_start(void);

#endif
