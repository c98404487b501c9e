/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Who runs next. One implementation is linked. Private to the kernel. */
#ifndef KERNEL_SCHEDULER_H
#define KERNEL_SCHEDULER_H

#include "trusted/process.h"

/*
 * The process to run now, its timeslice started or going on; NULL: none can
 * run, and no timeslice is going on.
 */
struct process *scheduler_next(void);

#endif
