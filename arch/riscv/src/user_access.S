/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Copies with the rights of the process: under mstatus.MPRV (with MPP = U)
 * loads and stores are checked as the process's own (privileged specification,
 * section 3.1.6.3), so a wrong check elsewhere cannot reach kernel memory.
 * Whatever traps between user_access_start and user_access_end makes the
 * routine return false.
 *
 *	bool arch_user_read(void *destination, uptr_t source, size_t length);
 *	bool arch_user_write(uptr_t destination, const void *source, size_t length);
 *	void arch_user_poke(uptr_t destination, uint8_t value);
 */
#include "asm.h"

	.section .text.user_access, "ax"
user_access_start:

	/* Copies a2 bytes from a1 to a0; `from` or `to` is under MPRV. */
	.macro OPEN_IF open
	.if \open
	csrs	mstatus, a3
	.else
	csrc	mstatus, a3
	.endif
	.endm

	.macro COPY source_is_user
	li	a3, MSTATUS_MPRV
	or	t0, a0, a1
	andi	t0, t0, 3
	bnez	t0, 3f
	li	t1, 16
	bltu	a2, t1, 2f
1:	OPEN_IF \source_is_user
	lw	a4, 0(a1)
	lw	a5, 4(a1)
	lw	a6, 8(a1)
	lw	a7, 12(a1)
	OPEN_IF (1 - \source_is_user)
	sw	a4, 0(a0)
	sw	a5, 4(a0)
	sw	a6, 8(a0)
	sw	a7, 12(a0)
	addi	a0, a0, 16
	addi	a1, a1, 16
	addi	a2, a2, -16
	bgeu	a2, t1, 1b
2:	li	t1, 4
	bltu	a2, t1, 3f
	OPEN_IF \source_is_user
	lw	a4, 0(a1)
	OPEN_IF (1 - \source_is_user)
	sw	a4, 0(a0)
	addi	a0, a0, 4
	addi	a1, a1, 4
	addi	a2, a2, -4
	j	2b
3:	beqz	a2, 4f
	OPEN_IF \source_is_user
	lbu	a4, 0(a1)
	OPEN_IF (1 - \source_is_user)
	sb	a4, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	addi	a2, a2, -1
	j	3b
4:	csrc	mstatus, a3
	li	a0, 1
	ret
	.endm

	.global arch_user_read
arch_user_read:
	COPY 1

	.global arch_user_write
arch_user_write:
	COPY 0

	.global arch_user_poke
arch_user_poke:
	li	a3, MSTATUS_MPRV
	csrs	mstatus, a3
	sb	a1, 0(a0)
	csrc	mstatus, a3
	ret

user_access_end:

	/* MPRV is still set where the access failed. */
user_access_refused:
	li	a3, MSTATUS_MPRV
	csrc	mstatus, a3
	li	a0, 0
	ret

	.global user_access_start, user_access_end, user_access_refused
