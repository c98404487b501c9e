/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * uint32_t op_<name>(uint32_t driver, uint32_t number, uint32_t a0): one command,
 * and the second word of its answer. op_<name>_trap is the instruction that traps,
 * for tests/bench/trace.py.
 */
	.macro op name
	.section .text.op_\name, "ax"
	.globl op_\name, op_\name\()_trap
#ifdef __riscv
op_\name:
	li	a3, 0
	li	a4, 2
op_\name\()_trap:
	ecall
	mv	a0, a1
	ret
#else
	.syntax unified
	.thumb
	.type op_\name, %function
	.thumb_func
op_\name:
	movs	r3, #0
op_\name\()_trap:
	svc	2
	mov	r0, r1
	bx	lr
#endif
	.endm

	op loan_offer
	op loan_accept
	op loan_return
