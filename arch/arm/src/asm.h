/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* For the assembly of this folder. */
#ifndef ARM_ASM_H
#define ARM_ASM_H

#include "arm.h"

/* clang-format off */
	.syntax unified
	.thumb

	.macro FUNCTION name
	.global \name
	.thumb_func
	.type \name, %function
\name:
	.endm

	/* The processor itself watches the kernel's stack where it can. */
#if __ARM_ARCH >= 8
	.macro STACK_LIMIT
	ldr	r0, =linker_stack_start
	msr	msplim, r0
	.endm
#else
	.macro STACK_LIMIT
	.endm
#endif

	/*
	 * One instruction that may be refused: execution then goes on at \target.
	 * fault.c reads the table; a refusal anywhere else is a bug of the kernel.
	 */
	.macro TRY target, instruction:vararg
9999:	\instruction
	.pushsection .arm_fixup, "a"
	.word	9999b, \target
	.popsection
	.endm

#endif
