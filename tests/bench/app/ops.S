/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * void op_<name>(const uintptr_t words[5], uint32_t count): `count` times the
 * system call with arguments words[0..3] and class words[4]. The label
 * op_<name>_trap is the instruction that traps: tests/bench/trace.py finds the
 * calls in QEMU's log of executed instructions by its address.
 *
 * On Arm the class is part of the instruction.
 */
#ifdef __riscv
	.macro op name, class
	.section .text.op_\name, "ax"
	.globl op_\name, op_\name\()_trap
op_\name:
	addi	sp, sp, -32
	sw	ra, 20(sp) /* an upcall comes back by it */
	sw	s0, 28(sp)
	sw	s1, 24(sp)
	mv	s0, a0
	mv	s1, a1
1:	lw	a0, 0(s0)
	lw	a1, 4(s0)
	lw	a2, 8(s0)
	lw	a3, 12(s0)
	lw	a4, 16(s0)
op_\name\()_trap:
	ecall
	addi	s1, s1, -1
	bnez	s1, 1b
	lw	ra, 20(sp)
	lw	s0, 28(sp)
	lw	s1, 24(sp)
	addi	sp, sp, 32
	ret
	.endm
#else
	.syntax unified
	.thumb

	.macro op name, class
	.section .text.op_\name, "ax"
	.globl op_\name, op_\name\()_trap
	.type op_\name, %function
	.thumb_func
op_\name:
	push	{r4-r6, lr}
	mov	r4, r0
	mov	r5, r1
1:	ldm	r4, {r0-r3}
op_\name\()_trap:
	svc	\class
	subs	r5, #1
	bne	1b
	pop	{r4-r6, pc}
	.endm
#endif

	op yield_wait, 0
	op yield_no_wait, 0
	op subscribe, 1
	op null_command, 2
	op alarm_set, 2
	op allow_rw, 3
	op allow_ro, 4
	op memop, 5
