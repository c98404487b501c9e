/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x50003 as google/OpenSK's kernel patches have it, for that application
 * unchanged. A board has either this or the key-value driver. Described in
 * docs/syscalls/50003_opensk.md.
 */
#ifndef CAPSULES_OPENSK_COMPAT_H
#define CAPSULES_OPENSK_COMPAT_H

#include "capsules/flash_geometry_driver.h"

struct opensk_compat {
	struct flash_geometry_driver raw;
	uint32_t address;
	uint32_t endurance;
};

struct opensk_compat_config {
	struct flash_geometry_config raw;
	uint32_t address;   /* where the application's region begins in memory */
	uint32_t endurance; /* erases that a page stands */
};

/*
 * The board also makes the region a window of the application's policy, for it
 * reads there itself and asks memop 12 to 15 where that is.
 */
void opensk_compat_init(struct opensk_compat *self, const struct opensk_compat_config *config);

#endif
