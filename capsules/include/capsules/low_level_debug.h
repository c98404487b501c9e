/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x8: numbers for the log. Described in docs/syscalls/00008_low_level_debug.md. */
#ifndef CAPSULES_LOW_LEVEL_DEBUG_H
#define CAPSULES_LOW_LEVEL_DEBUG_H

#include "kernel/driver.h"

struct low_level_debug {
	struct driver driver;
};

void low_level_debug_init(struct low_level_debug *self);

#endif
