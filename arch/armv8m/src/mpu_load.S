/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "asm.h"

	/* Offsets in the MPU (Armv8-M, D1.2). */
	.equ	MPU_RNR, 0x08
	.equ	MPU_RLAR_A1, 0x18
	.equ	MPU_RLAR_A2, 0x20
	.equ	MPU_RLAR_A3, 0x28

	/*
	 * void arch_mpu_load(const struct arch_mpu *mpu): MPU_RNR, MPU_RBAR and MPU_RLAR of
	 * one region, then MPU_RNR and those of four. On the path of every switch.
	 *
	 * An interrupt may come between base and limit, and no region may lie over the
	 * kernel's then. Flash follows flash in its region; in those of RAM and windows
	 * what comes can be on the other side of the kernel from what goes: they are off
	 * first. MPU_RNR is as the last load, or arm_mpu_init(), left it.
	 */
	.section .text.trap, "ax"
	FUNCTION arch_mpu_load
	ldr	r1, =MPU_RNR_ADDRESS
	push	{r4-r10, lr}
	movs	r2, #0
	str	r2, [r1, #MPU_RLAR_A1 - MPU_RNR]
	str	r2, [r1, #MPU_RLAR_A2 - MPU_RNR]
	str	r2, [r1, #MPU_RLAR_A3 - MPU_RNR]
	ldmia	r0!, {r2-r4}
	stmia	r1, {r2-r4}
	ldmia	r0, {r2-r10}
	stmia	r1, {r2-r10}
	dsb
	isb
	pop	{r4-r10, pc}
	.ltorg
