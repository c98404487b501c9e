/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_ARMV7M_TYPES_H
#define ARCH_ARMV7M_TYPES_H

#include "arm/context.h"

/* MPU_RBAR and MPU_RASR of two regions for flash and two for RAM. */
struct arch_mpu {
	uint32_t registers[8]; /* first: arm_mpu_write() takes a pointer to it */
	uptr_t ram_end;
};

#endif
