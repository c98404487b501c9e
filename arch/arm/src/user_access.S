/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Copies with the rights of the process: LDRT and STRT are checked by the MPU as
 * if unprivileged code did them, so a wrong check elsewhere cannot reach kernel
 * memory. The other side of the copy is a plain access: if that is refused, it is
 * a bug of the kernel.
 *
 *	bool arch_user_read(void *destination, uptr_t source, size_t length);
 *	bool arch_user_write(uptr_t destination, const void *source, size_t length);
 *	void arch_user_poke(uptr_t destination, uint8_t value);
 */
#include "asm.h"

	.section .text.user_access, "ax"

	/* Words while both sides are aligned, then bytes. r3 and r12 are free. */
	.macro COPY load, load_byte, store, store_byte
	orr	r3, r0, r1
	tst	r3, #3
	bne	3f
	subs	r2, #8
	blo	2f
1:	\load	r3, 0
	\load	r12, 4
	adds	r1, #8
	\store	r3, 0
	\store	r12, 4
	adds	r0, #8
	subs	r2, #8
	bhs	1b
2:	adds	r2, #8
	cmp	r2, #4
	blo	3f
	\load	r3, 0
	adds	r1, #4
	\store	r3, 0
	adds	r0, #4
	subs	r2, #4
3:	cbz	r2, 5f
4:	\load_byte r3
	adds	r1, #1
	\store_byte r3
	adds	r0, #1
	subs	r2, #1
	bne	4b
5:	movs	r0, #1
	bx	lr
	.endm

	.macro LOAD_USER register, offset
	TRY	access_refused, ldrt \register, [r1, #\offset]
	.endm
	.macro LOAD_USER_BYTE register
	TRY	access_refused, ldrbt \register, [r1]
	.endm
	.macro STORE_USER register, offset
	TRY	access_refused, strt \register, [r0, #\offset]
	.endm
	.macro STORE_USER_BYTE register
	TRY	access_refused, strbt \register, [r0]
	.endm
	.macro LOAD register, offset
	ldr	\register, [r1, #\offset]
	.endm
	.macro LOAD_BYTE register
	ldrb	\register, [r1]
	.endm
	.macro STORE register, offset
	str	\register, [r0, #\offset]
	.endm
	.macro STORE_BYTE register
	strb	\register, [r0]
	.endm

	FUNCTION arch_user_read
	COPY	LOAD_USER, LOAD_USER_BYTE, STORE, STORE_BYTE

	FUNCTION arch_user_write
	COPY	LOAD, LOAD_BYTE, STORE_USER, STORE_USER_BYTE

access_refused:
	movs	r0, #0
	bx	lr

	FUNCTION arch_user_poke
	TRY	1f, strbt r1, [r0]
1:	bx	lr

	/* int32_t semihosting_call(uint32_t operation, const void *argument) */
	FUNCTION semihosting_call
	TRY	1f, bkpt 0xAB
	bx	lr
1:	mvn	r0, #0
	bx	lr
