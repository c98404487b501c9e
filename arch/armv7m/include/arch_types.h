/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_ARMV7M_TYPES_H
#define ARCH_ARMV7M_TYPES_H

#include "arm/context.h"

enum { ARCH_WINDOWS = 2 };

/* MPU_RBAR and MPU_RASR of two regions for flash, two for RAM, and two windows. */
struct arch_mpu {
	uint32_t registers[8]; /* first: arm_mpu_write() takes a pointer to it */
	uint32_t windows[2 * ARCH_WINDOWS];
	uptr_t ram_end;
};

#endif
