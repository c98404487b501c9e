/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KERNEL_DEFERRED_PRIVATE_H
#define KERNEL_DEFERRED_PRIVATE_H

#include <stdbool.h>

/* Runs the oldest deferred call. False: there is none. */
bool deferred_run(void);

#endif
