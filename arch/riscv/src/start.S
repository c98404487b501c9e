/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Reset: park all harts but the first, copy .data, zero .bss, and go to C.
 */
#include "asm.h"

	.section .text.start, "ax"
	.global reset_entry, riscv_restart
reset_entry:
riscv_restart:
	csrw	mie, zero
	csrw	mscratch, zero
	la	t0, trap_entry
	csrw	mtvec, t0
	csrr	t0, mhartid
	bnez	t0, 9f
	la	sp, linker_stack_end - 16

	la	a0, linker_data_start
	la	a1, linker_data_end
	la	a2, linker_data_load
1:	bgeu	a0, a1, 2f
	LOAD	t0, 0(a2)
	STORE	t0, 0(a0)
	addi	a0, a0, REG_BYTES
	addi	a2, a2, REG_BYTES
	j	1b

2:	la	a0, linker_bss_start
	la	a1, linker_bss_end
3:	bgeu	a0, a1, 4f
	STORE	zero, 0(a0)
	STORE	zero, REG_BYTES(a0)
	addi	a0, a0, 2 * REG_BYTES
	j	3b

4:	call	board_main
9:	wfi
	j	9b

	/*
	 * bool riscv_has_mseccfg(void): reads CSR 0x747; where it does not exist
	 * the trap goes to the label and the answer stays false.
	 */
	.text
	.global riscv_has_mseccfg
riscv_has_mseccfg:
	csrr	t0, mtvec
	la	t1, 1f
	csrw	mtvec, t1
	li	a0, 0
	csrr	t2, 0x747
	li	a0, 1
	.balign 4
1:	csrw	mtvec, t0
	ret
