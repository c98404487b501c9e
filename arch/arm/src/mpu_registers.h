/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The MPU's registers. mpu.c uses no other way to them, so that a test on the host
 * can put a model in the place of this file (tests/unit/arm_mpu_model.h).
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.5; Armv8-M, D1.2.
 */
#ifndef ARM_MPU_REGISTERS_H
#define ARM_MPU_REGISTERS_H

#include <stdint.h>

/* Offsets from MPU_TYPE. */
enum mpu_register {
	MPU_TYPE = 0x00,
	MPU_CTRL = 0x04,
	MPU_RNR = 0x08,
	MPU_RBAR = 0x0C,
	MPU_RASR = 0x10,  /* PMSAv7 */
	MPU_RLAR = 0x10,  /* PMSAv8 */
	MPU_MAIR0 = 0x30, /* PMSAv8 */
};

#define MPU_ADDRESS 0xE000ED90u

static inline uint32_t mpu_read(enum mpu_register number)
{
	return *(volatile const uint32_t *)(MPU_ADDRESS + number);
}

static inline void mpu_write(enum mpu_register number, uint32_t value)
{
	*(volatile uint32_t *)(MPU_ADDRESS + number) = value;
}

#endif
