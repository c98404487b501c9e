/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * void fpu_read(uint32_t values[32]), fpu_write(const uint32_t values[32]): the
 * registers s0-s31 as they are.
 *
 * void fpu_spin(uint32_t values[32], uint32_t count): writes them all, counts
 * down without touching memory, and reads them back.
 *
 * The caller's s16-s31 are lost: it is compiled without floating point.
 */
	.syntax unified
	.thumb
	.fpu fpv4-sp-d16

	.macro function name
	.section .text.\name, "ax"
	.globl \name
	.type \name, %function
	.thumb_func
\name:
	.endm

	function fpu_read
	vstmia	r0, {s0-s31}
	bx	lr

	function fpu_write
	vldmia	r0, {s0-s31}
	bx	lr

	function fpu_spin
	vldmia	r0, {s0-s31}
1:	subs	r1, #1
	bne	1b
	vstmia	r0, {s0-s31}
	bx	lr
