/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Which of the applications in flash may run, and as whom. One of two stands in an
 * image: app_check_none.c, or checked/ where the board requires credentials. Private
 * to the kernel.
 */
#ifndef KERNEL_APP_ADMISSION_H
#define KERNEL_APP_ADMISSION_H

#include "kernel/app_identity.h"
#include "lib/tbf.h"
#include "trusted/types.h"

struct process;

/*
 * Finds out about all applications that are not loaded. False: there is nothing to
 * find out. True: it takes a while, and loader_load_admitted() is called then.
 */
bool app_admission_begin(void);

/* One of them, from loader_look(); `name` is fit to print and valid during the call. */
void app_admission_look(uptr_t start, const struct tbf_info *info, const char *name);

/*
 * Whether the application at `start` may be loaded now. False: not, or nobody has
 * checked it; where that is news the log says so.
 */
bool app_admitted(uptr_t start, const struct tbf_info *info,
		  struct app_identity *identity) MUST_CHECK;

/* Bytes there are about to change: what was found out about them does not count any more. */
void app_admission_forget(uptr_t start, uint32_t length);

/*
 * An application was loaded, and none of its instructions executed yet: from the first one on
 * no older version may run again. Where that has to be kept first the process waits for it.
 */
void app_admission_used(struct process *process);

#endif
