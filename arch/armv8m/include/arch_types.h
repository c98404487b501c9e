/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_ARMV8M_TYPES_H
#define ARCH_ARMV8M_TYPES_H

#include "arm/context.h"

/* Each takes one region more: a closed one cuts the RAM in two. */
enum { ARCH_WINDOWS = 2 };

/* As struct arch_window of trusted/arch.h, which comes after this. */
struct arch_mpu_window {
	uptr_t start, end;
	uint8_t access;
};

/*
 * MPU_RNR, MPU_RBAR and MPU_RLAR of the region for footers; MPU_RNR; MPU_RBAR and
 * MPU_RLAR of one region for the rest of the flash and three for RAM and windows.
 */
struct arch_mpu {
	uint32_t registers[12]; /* first: mpu_load.S knows the layout */
	struct arch_mpu_window windows[ARCH_WINDOWS];
	uptr_t ram_start;
	uptr_t ram_end;
};

#endif
