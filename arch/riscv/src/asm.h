/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Widths and register lists for the assembly of this folder. */
/* clang-format off: this is assembly */
#ifndef ARCH_RISCV_ASM_H
#define ARCH_RISCV_ASM_H

#if __riscv_xlen == 64
#define REG_BYTES 8
#define LOAD ld
#define STORE sd
#else
#define REG_BYTES 4
#define LOAD lw
#define STORE sw
#endif


#define MCAUSE_ECALL_U 8
#define MSTATUS_MPRV (1 << 17)

	/* sp holds the context; number is the register's x number. */
	.macro SAVE register, number
	STORE \register, (\number * REG_BYTES)(sp)
	.endm

	.macro REST register, number
	LOAD \register, (\number * REG_BYTES)(sp)
	.endm

	/* What the fast path leaves in registers. */
	.macro SAVE_PRESERVED
	SAVE gp, 3
	SAVE tp, 4
	SAVE t2, 7
	SAVE t3, 28
	SAVE t4, 29
	SAVE t5, 30
	SAVE t6, 31
	SAVE s0, 8
	SAVE s1, 9
	SAVE s2, 18
	SAVE s3, 19
	SAVE s4, 20
	SAVE s5, 21
	SAVE s6, 22
	SAVE s7, 23
	SAVE s8, 24
	SAVE s9, 25
	SAVE s10, 26
	SAVE s11, 27
	.endm

#endif
