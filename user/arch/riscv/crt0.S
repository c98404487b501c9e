/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where a process starts on RISC-V, linked for fixed addresses.
 *
 * In:  a0 where the kernel found this code, a1 start of RAM, a2 its length,
 *      a3 the initial break. There is no stack: sp is not usable.
 *
 * RAM is, from its start: stack, data, thread-local data, bss, heap. A stack
 * that overflows thus leaves the process's memory, and faults.
 */
	.section .start, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	la	t0, _flash_origin
	la	t1, _sram_origin
	bne	a0, t0, wrong_address
	bne	a1, t1, wrong_address

	/* brk(_heap_start): until then only the initial break is accessible. */
	li	a4, 5
	li	a0, 0
	la	a1, _heap_start
	ecall
	li	t0, 128
	bne	a0, t0, no_memory
	la	sp, _stack_top

	/* For the kernel's reports: stack top and heap start. */
	li	a0, 10
	la	a1, _stack_top
	ecall
	li	a0, 11
	la	a1, _heap_start
	ecall

	la	tp, _tls_start
	la	a0, _data_start
	la	a1, _data_end
	la	a2, _data_load
	j	2f
1:	lw	t0, 0(a2)
	sw	t0, 0(a0)
	addi	a2, a2, 4
	addi	a0, a0, 4
2:	bltu	a0, a1, 1b

	la	a0, _bss_start
	la	a1, _bss_end
	j	4f
3:	sw	zero, 0(a0)
	addi	a0, a0, 4
4:	bltu	a0, a1, 3b

	mv	s0, zero
	tail	start_main

	/* Low-level debug alert 2, then exit with E_INVAL. */
wrong_address:
	li	a4, 2
	li	a0, 8
	li	a1, 1
	li	a2, 2
	ecall
	li	a1, 6
	j	5f

	/* Exit with E_NOMEM. */
no_memory:
	li	a1, 9
5:	li	a4, 6
	li	a0, 0
	ecall
	.size _start, . - _start
