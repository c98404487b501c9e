/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdlib.h>

#include "detent/compiler.h"
#include "detent/debug.h"
#include "detent/syscall.h"

/* The status that a shell shows for a program that aborted. */
#define ABORTED_STATUS 134u

/* A failed assertion ends here. There are no signals. */
NORETURN void abort(void)
{
	debug_alert(DEBUG_ALERT_PANIC);
	process_exit(ABORTED_STATUS);
}
