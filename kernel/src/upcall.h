/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Upcalls on their way from a capsule to a process. Private to the kernel. */
#ifndef KERNEL_UPCALL_H
#define KERNEL_UPCALL_H

#include "grant_private.h"

#include <stdbool.h>

/*
 * Takes the oldest pending upcall that has a function and makes the process run
 * it; null upcalls before it are dropped. False: there is none. A process whose
 * stack cannot take it faults, and the answer is true.
 */
bool upcall_deliver(struct process *process);

/*
 * Takes the oldest pending upcall of one number; its arguments go to `result`.
 * False: there is none.
 */
bool upcall_take(struct upcall_slot *slot, ureg_t result[3]);

/* Forgets what is pending for a number. */
void upcall_cancel(struct upcall_slot *slot);

#endif
