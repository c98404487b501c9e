/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where a process starts on Cortex-M, at any address.
 *
 * In:  r0 where the code begins (struct image_header), r1 start of RAM, r2 its
 *      length, r3 the initial break, which is sp too: an exception frame fits.
 *
 * RAM is, from its start: stack, global offset table, data, bss, heap. A stack
 * that overflows thus leaves the process's memory, and faults.
 */
	.syntax unified
	.thumb

	/* Offsets in struct image_header, user/arch/arm/relocate.c. */
	.equ STACK_SIZE, 0
	.equ HEAP_START, 4
	.equ GOT_START, 12

	.section .start, "ax", %progbits
	.globl _start
	.type _start, %function
	.thumb_func
_start:
	mov	r6, r0
	mov	r7, r1
	ldr	r4, [r6, #STACK_SIZE]
	adds	r4, r4, r7
	ldr	r5, [r6, #HEAP_START]
	adds	r5, r5, r7

	/*
	 * The return from the next call pops a frame from sp, which must be
	 * accessible before and after: if the break moves down, move sp first.
	 */
	cmp	r5, r3
	bhi	1f
	mov	sp, r4
	/* brk(heap start) */
1:	movs	r0, #0
	mov	r1, r5
	svc	5
	cmp	r0, #128
	bne	no_memory
	mov	sp, r4

	/* For the kernel's reports: stack top and heap start. */
	movs	r0, #10
	mov	r1, r4
	svc	5
	movs	r0, #11
	mov	r1, r5
	svc	5

	mov	r0, r6
	mov	r1, r7
	bl	relocate_image
	ldr	r0, [r6, #GOT_START]
	adds	r0, r0, r7
	mov	r9, r0
	movs	r0, #0
	mov	r11, r0
	mov	r7, r0
	bl	start_main

	/* Exit with E_NOMEM. */
no_memory:
	movs	r0, #0
	movs	r1, #9
	svc	6
	.size _start, . - _start
