/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the parts that stand under a C library. Not for applications. */
#ifndef USER_LIBC_LIBC_H
#define USER_LIBC_LIBC_H

#include <stddef.h>

#include "detent/compiler.h"

typedef void libc_hook(void);

/* Runs before the process ends by exit(), unless null. */
extern libc_hook *libc_at_exit;

/* What picolibc calls. */
void *sbrk(ptrdiff_t bytes);
NORETURN void _exit(int status);

#endif
