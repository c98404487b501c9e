/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "asm.h"

	/*
	 * void arch_mpu_load(const struct arch_mpu *mpu): MPU_RNR, MPU_RBAR and MPU_RLAR of
	 * one region, then MPU_RNR and those of four. On the path of every switch.
	 */
	.section .text.trap, "ax"
	FUNCTION arch_mpu_load
	ldr	r1, =MPU_RNR_ADDRESS
	push	{r4-r10, lr}
	ldmia	r0!, {r2-r4}
	stmia	r1, {r2-r4}
	ldmia	r0, {r2-r10}
	stmia	r1, {r2-r10}
	dsb
	isb
	pop	{r4-r10, pc}
	.ltorg
