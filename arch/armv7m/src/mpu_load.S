/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "asm.h"

	.section .text.trap, "ax"
	/* void arm_mpu_write(const uint32_t registers[8]) */
	FUNCTION arm_mpu_write
	ldr	r1, =MPU_RBAR_ADDRESS
	push	{r4-r9}
	ldmia	r0, {r2-r9}
	stmia	r1, {r2-r9}
	pop	{r4-r9}
	dsb
	isb
	bx	lr

	.ltorg
