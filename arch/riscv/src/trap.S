/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Traps. While a process runs, mscratch holds its context; while the kernel
 * runs it holds 0, interrupts are off, and a trap is either the fix-up of a
 * refused user access or a bug of the kernel.
 *
 * mstatus.MPP is U whenever the kernel runs: MPRV relies on it.
 */
#include "asm.h"

	.section .text.trap, "ax"
	.global trap_entry
	.balign 64
trap_entry:
	csrrw	sp, mscratch, sp
	beqz	sp, trap_in_kernel
	/* What a C function may clobber: t2 to t6 are not among it, see module.mk. */
	SAVE	ra, 1
	SAVE	t0, 5
	SAVE	t1, 6
	SAVE	a0, 10
	SAVE	a1, 11
	SAVE	a2, 12
	SAVE	a3, 13
	SAVE	a4, 14
	SAVE	a5, 15
	SAVE	a6, 16
	SAVE	a7, 17
	csrrw	t0, mscratch, zero
	csrr	t1, mcause
	csrr	a5, mepc
	SAVE	t0, 2
	addi	t1, t1, -MCAUSE_ECALL_U
	bnez	t1, trap_slow
	addi	a5, a5, 4
	SAVE	a5, 0
	mv	a0, sp
	addi	a1, sp, 10 * REG_BYTES
	andi	a2, a4, 0xFF
	la	sp, linker_stack_end - 16
	STORE	a0, 0(sp)
	call	kernel_syscall
	LOAD	sp, 0(sp)
	beqz	a0, save_preserved

	/* sp: the context to go back to; s0-s11, t2-t6, gp, tp are live in registers. */
resume_same:
	LOAD	t0, 0(sp)
	csrw	mscratch, sp
	csrw	mepc, t0
	REST	ra, 1
	REST	t0, 5
	REST	t1, 6
	REST	a0, 10
	REST	a1, 11
	REST	a2, 12
	REST	a3, 13
	REST	a4, 14
	REST	a5, 15
	REST	a6, 16
	REST	a7, 17
	REST	sp, 2
	mret

	/* Interrupts and faults of the process. t1: mcause - 8, a5: mepc. */
trap_slow:
	SAVE	a5, 0
	addi	t1, t1, MCAUSE_ECALL_U
	bltz	t1, save_preserved
	SAVE_PRESERVED
	mv	a0, sp
	mv	a1, t1
	csrr	a2, mtval
	la	sp, linker_stack_end - 16
	call	riscv_process_fault
	j	arch_run

save_preserved:
	SAVE_PRESERVED
	/* Falls through: the main loop, on an empty stack. */

	.global arch_run
arch_run:
	la	sp, linker_stack_end - 16
	call	kernel_next
	mv	sp, a0
	REST	gp, 3
	REST	tp, 4
	REST	t2, 7
	REST	t3, 28
	REST	t4, 29
	REST	t5, 30
	REST	t6, 31
	REST	s0, 8
	REST	s1, 9
	REST	s2, 18
	REST	s3, 19
	REST	s4, 20
	REST	s5, 21
	REST	s6, 22
	REST	s7, 23
	REST	s8, 24
	REST	s9, 25
	REST	s10, 26
	REST	s11, 27
	j	resume_same

	/*
	 * A trap of the kernel itself: mscratch was 0. Nothing may be pushed, for
	 * the stack may be what failed. A refused user access returns false from
	 * the leaf routine it happened in, so t0 and t1 need no saving.
	 */
trap_in_kernel:
	csrrw	sp, mscratch, sp
	csrr	t0, mepc
	la	t1, user_access_start
	bltu	t0, t1, 1f
	la	t1, user_access_end
	bgeu	t0, t1, 1f
	la	t0, user_access_refused
	csrw	mepc, t0
	mret
1:	csrr	a0, mcause
	csrr	a1, mtval
	csrr	a2, mepc
	mv	a3, sp
	la	sp, linker_stack_end - 16
	j	riscv_kernel_trap
