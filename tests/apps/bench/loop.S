/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * void loop_trap(const uintptr_t words[5], uint32_t count): `count` times the
 * system call with arguments words[0..3] and class words[4].
 *
 * void loop_empty(const uintptr_t words[5], uint32_t count): the same
 * instructions, with a no-operation in place of the trap.
 *
 * On Arm the class is part of the instruction: loop_trap_<class>.
 */
#ifdef __riscv
	.macro loop name, trap
	.section .text.\name, "ax"
	.globl \name
\name:
	addi	sp, sp, -32
	sw	s0, 28(sp)
	sw	s1, 24(sp)
	sw	s2, 20(sp)
	sw	s3, 16(sp)
	sw	s4, 12(sp)
	sw	s5, 8(sp)
	lw	s0, 0(a0)
	lw	s1, 4(a0)
	lw	s2, 8(a0)
	lw	s3, 12(a0)
	lw	s4, 16(a0)
	mv	s5, a1
1:	mv	a0, s0
	mv	a1, s1
	mv	a2, s2
	mv	a3, s3
	mv	a4, s4
	\trap
	addi	s5, s5, -1
	bnez	s5, 1b
	lw	s0, 28(sp)
	lw	s1, 24(sp)
	lw	s2, 20(sp)
	lw	s3, 16(sp)
	lw	s4, 12(sp)
	lw	s5, 8(sp)
	addi	sp, sp, 32
	ret
	.endm

	loop loop_trap, ecall
	loop loop_empty, nop
#else
	.syntax unified
	.thumb

	.macro loop name, trap:vararg
	.section .text.\name, "ax"
	.globl \name
	.type \name, %function
	.thumb_func
\name:
	push	{r4-r8, lr}
	mov	r8, r1
	ldm	r0, {r4-r7}
1:	mov	r0, r4
	mov	r1, r5
	mov	r2, r6
	mov	r3, r7
	\trap
	subs	r8, #1
	bne	1b
	pop	{r4-r8, pc}
	.endm

	loop loop_trap_0, svc 0
	loop loop_trap_1, svc 1
	loop loop_trap_2, svc 2
	loop loop_trap_3, svc 3
	loop loop_trap_4, svc 4
	loop loop_trap_5, svc 5
	loop loop_empty, nop
#endif
