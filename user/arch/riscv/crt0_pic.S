/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where a process starts on RISC-V, at any address.
 *
 * In:  a0 where the kernel found this code, a1 start of RAM, a2 its length,
 *      a3 the initial break. There is no stack: sp is not usable.
 *
 * RAM is, from its start: stack, data, thread-local data, bss, heap. A stack
 * that overflows thus leaves the process's memory, and faults.
 *
 * The names that start with _pic_ are numbers from user/riscv_pic.ld.
 */
	.equ RAM_ALIGN, 16
	.equ DATA_LINKED, 0x40001000 /* _data_start in user/riscv_pic.ld */

	.section .start, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	/* s1: start of RAM, as aligned as the image wants it. */
	addi	s1, a1, RAM_ALIGN - 1
	andi	s1, s1, -RAM_ALIGN

	/* brk(heap start): until then only the initial break is accessible. */
	lui	s0, %hi(_pic_heap)
	addi	s0, s0, %lo(_pic_heap)
	add	s0, s0, s1
	li	a4, 5
	li	a0, 0
	mv	a1, s0
	ecall
	li	t0, 128
	bne	a0, t0, no_memory
	lui	sp, %hi(_pic_stack_top)
	addi	sp, sp, %lo(_pic_stack_top)
	add	sp, sp, s1

	/* For the kernel's reports: stack top and heap start. */
	li	a0, 10
	mv	a1, sp
	ecall
	li	a0, 11
	mv	a1, s0
	ecall

	.option push
	.option norelax
	lui	gp, %hi(_pic_gp)
	addi	gp, gp, %lo(_pic_gp)
	add	gp, gp, s1
	.option pop
	lui	tp, %hi(_pic_tls)
	addi	tp, tp, %lo(_pic_tls)
	add	tp, tp, s1

	/* Data and what thread-local storage starts with. */
	lui	a0, %hi(_pic_data)
	addi	a0, a0, %lo(_pic_data)
	add	a0, a0, s1
	mv	a3, a0
	lui	a1, %hi(_pic_data_size)
	addi	a1, a1, %lo(_pic_data_size)
	add	a1, a1, a0
	lla	a2, _data_load
	j	2f
1:	lw	t0, 0(a2)
	sw	t0, 0(a0)
	addi	a2, a2, 4
	addi	a0, a0, 4
2:	bltu	a0, a1, 1b

	lui	a1, %hi(_pic_bss_end)
	addi	a1, a1, %lo(_pic_bss_end)
	add	a1, a1, s1
	j	4f
3:	sw	zero, 0(a0)
	addi	a0, a0, 4
4:	bltu	a0, a1, 3b

	/* t1, t2: how far flash and RAM are from where they were linked. */
	lla	t1, _flash_origin
	li	t0, 0x80000000
	sub	t1, t1, t0
	li	t2, DATA_LINKED
	sub	t2, a3, t2

	/* Each fixup is the index of a word of data that holds an address. */
	lla	a0, _pic_fixups
	lla	a1, _pic_fixups_end
	j	7f
5:	lhu	t0, 0(a0)
	slli	t0, t0, 2
	add	t0, t0, a3
	lw	a2, 0(t0)
	mv	a4, t2
	bgez	a2, 6f
	mv	a4, t1
6:	add	a2, a2, a4
	sw	a2, 0(t0)
	addi	a0, a0, 2
7:	bltu	a0, a1, 5b

	mv	s0, zero
	tail	start_main

	/* Exit with E_NOMEM. */
no_memory:
	li	a1, 9
	li	a4, 6
	li	a0, 0
	ecall
	.size _start, . - _start
