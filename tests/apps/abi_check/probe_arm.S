/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifdef __arm__
/*
 * void probe_trap_<class>(uintptr_t registers[16]): loads r0-r8 and r10-r12 from
 * registers[n], does one svc, and stores them back. registers[9], [13] and [14]
 * become the differences of r9, sp and lr over the svc.
 *
 * void probe_spin(uintptr_t registers[16], count): loads them in the same way,
 * counts r0 down from `count` without any system call, and stores them.
 */
	.syntax unified
	.thumb

	.macro enter
	push	{r4-r11, lr}
	sub	sp, #12
	str	r0, [sp]
	str	r9, [r0, #9*4]
	.endm

	.macro load_all
	ldr	r1, [r0, #11*4]
	mov	r11, r1
	ldr	r1, [r0, #12*4]
	mov	r12, r1
	ldr	r1, [r0, #10*4]
	mov	r10, r1
	ldmia	r0, {r0-r8}
	.endm

	/* lr finds the block again; everything else is stored as it is. */
	.macro store_all
	ldr	lr, [sp]
	stmia	lr!, {r0-r8}
	adds	lr, #4
	stmia	lr, {r10-r12}
	ldr	lr, [sp]
	ldr	r1, [lr, #9*4]
	subs	r1, r1, r9
	str	r1, [lr, #9*4]
	.endm

	.macro leave
	add	sp, #12
	pop	{r4-r11, pc}
	.endm

	.macro trap class
	.section .text.probe_trap_\class, "ax"
	.globl probe_trap_\class
	.type probe_trap_\class, %function
	.thumb_func
probe_trap_\class:
	enter
	mov	r1, sp
	str	r1, [sp, #4]
	load_all
	svc	\class
	store_all
	ldr	r1, [sp, #4]
	mov	r2, sp
	subs	r1, r1, r2
	str	r1, [lr, #13*4]
	leave
	.endm

	trap 0
	trap 1
	trap 2
	trap 3
	trap 4
	trap 5

	.section .text.probe_spin, "ax"
	.globl probe_spin
	.type probe_spin, %function
	.thumb_func
probe_spin:
	enter
	str	r1, [r0]
	load_all
1:	subs	r0, #1
	bne	1b
	store_all
	leave
#endif
