/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "asm.h"

	.section .text.trap, "ax"
	/* void arm_mpu_write(const uint32_t registers[9]) */
	FUNCTION arm_mpu_write
	ldr	r1, =MPU_RBAR_ADDRESS
	push	{r4-r10, lr}
	ldmia	r0, {r2-r10}
	stmia	r1, {r2-r9}
	str	r10, [r1]
	dsb
	isb
	pop	{r4-r10, pc}

	.ltorg
