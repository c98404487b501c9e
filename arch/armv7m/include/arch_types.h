/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_ARMV7M_TYPES_H
#define ARCH_ARMV7M_TYPES_H

#include "arm/context.h"

enum { ARCH_WINDOWS = 2 };

/*
 * MPU_RBAR and MPU_RASR of the second region for flash, of the first, of two for RAM;
 * MPU_RBAR of the second for flash, which is nowhere until then; and two windows.
 */
struct arch_mpu {
	uint32_t registers[9]; /* first: arm_mpu_write() takes a pointer to it */
	uint32_t windows[2 * ARCH_WINDOWS];
	uptr_t ram_end;
};

#endif
