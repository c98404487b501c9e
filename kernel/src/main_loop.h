/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* State that the parts of the core kernel share. Private to the kernel. */
#ifndef KERNEL_MAIN_LOOP_H
#define KERNEL_MAIN_LOOP_H

#include "trusted/kernel.h"

#include <stdbool.h>

/* Nothing wants the main loop before the running process goes on. */
extern bool kernel_goes_on;

#endif
