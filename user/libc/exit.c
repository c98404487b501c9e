/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdint.h>

#include "detent/syscall.h"
#include "libc.h"

libc_hook *libc_at_exit;

NORETURN void _exit(int status)
{
	if (libc_at_exit)
		libc_at_exit();
	process_exit((uint32_t)status);
}
