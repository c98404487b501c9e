/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifdef __riscv
/*
 * void probe_trap(uintptr_t registers[32]): loads every register but zero, ra,
 * sp, gp and tp from registers[n], does one ecall, and stores all registers
 * back. sp, gp and tp are stored as they are after the ecall.
 *
 * void probe_spin(uintptr_t registers[32], count): loads them in the same way,
 * counts a7 down from `count` without any system call, and stores them.
 */
	.macro each op
	\op	x5, 5*4
	\op	x6, 6*4
	\op	x7, 7*4
	\op	x8, 8*4
	\op	x9, 9*4
	\op	x10, 10*4
	\op	x11, 11*4
	\op	x12, 12*4
	\op	x13, 13*4
	\op	x14, 14*4
	\op	x15, 15*4
	\op	x16, 16*4
	\op	x17, 17*4
	\op	x18, 18*4
	\op	x19, 19*4
	\op	x20, 20*4
	\op	x21, 21*4
	\op	x22, 22*4
	\op	x23, 23*4
	\op	x24, 24*4
	\op	x25, 25*4
	\op	x26, 26*4
	\op	x27, 27*4
	\op	x28, 28*4
	\op	x29, 29*4
	\op	x30, 30*4
	.endm
	.macro load register, offset
	lw	\register, \offset(x31)
	.endm
	.macro store register, offset
	sw	\register, \offset(x31)
	.endm

	.macro enter
	addi	sp, sp, -64
	sw	ra, 60(sp)
	sw	s0, 56(sp)
	sw	s1, 52(sp)
	sw	s2, 48(sp)
	sw	s3, 44(sp)
	sw	s4, 40(sp)
	sw	s5, 36(sp)
	sw	s6, 32(sp)
	sw	s7, 28(sp)
	sw	s8, 24(sp)
	sw	s9, 20(sp)
	sw	s10, 16(sp)
	sw	s11, 12(sp)
	sw	a0, 8(sp)
	.endm
	.macro leave
	lw	ra, 60(sp)
	lw	s0, 56(sp)
	lw	s1, 52(sp)
	lw	s2, 48(sp)
	lw	s3, 44(sp)
	lw	s4, 40(sp)
	lw	s5, 36(sp)
	lw	s6, 32(sp)
	lw	s7, 28(sp)
	lw	s8, 24(sp)
	lw	s9, 20(sp)
	lw	s10, 16(sp)
	lw	s11, 12(sp)
	addi	sp, sp, 64
	ret
	.endm

	.section .text.probe_trap, "ax"
	.globl probe_trap
probe_trap:
	enter
	sw	sp, 2*4(a0)
	sw	gp, 3*4(a0)
	sw	tp, 4*4(a0)
	mv	x31, a0
	each	load
	/* x31 is the base; it must survive too, or nothing comes back. */
	ecall
	each	store
	lw	t0, 8(sp)
	sub	t1, t0, x31
	sw	t1, 31*4(t0)
	lw	t1, 2*4(t0)
	sub	t1, t1, sp
	sw	t1, 2*4(t0)
	lw	t1, 3*4(t0)
	sub	t1, t1, gp
	sw	t1, 3*4(t0)
	lw	t1, 4*4(t0)
	sub	t1, t1, tp
	sw	t1, 4*4(t0)
	leave

	.section .text.probe_spin, "ax"
	.globl probe_spin
probe_spin:
	enter
	sw	a1, 17*4(a0)
	mv	x31, a0
	each	load
1:	addi	a7, a7, -1
	bnez	a7, 1b
	each	store
	leave
#endif
