/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Exceptions. Processes run unprivileged in thread mode on PSP, the kernel only
 * in handler mode on MSP, which is empty while a process runs. CONTROL.nPRIV is
 * set once and stays: thread mode is never privileged, whatever returns to it.
 *
 * Nothing in a frame on a process's stack is believed: it is read and written
 * with the process's rights (LDRT, STRT), and its content reaches no register
 * that decides about privilege.
 */
#include "asm.h"

	/*
	 * A system call. r0-r3 may not be what the process left there: another
	 * exception can have come first. Fast path, 21 instructions.
	 */
	.section .text.trap, "ax"
	FUNCTION arm_svc_entry
	mrs	r12, psp
	TRY	svc_refused, ldrt r0, [r12, #0]
	TRY	svc_refused, ldrt r1, [r12, #4]
	TRY	svc_refused, ldrt r2, [r12, #8]
	TRY	svc_refused, ldrt r3, [r12, #12]
	push	{r0-r3, r12, lr}
	TRY	svc_refused_pushed, ldrt r3, [r12, #24]
	subs	r3, #2
	TRY	svc_refused_pushed, ldrbt r2, [r3] /* the number in the SVC */
	ldr	r3, =arm_current
	mov	r1, sp
	ldr	r0, [r3]
	bl	kernel_syscall
	cbz	r0, svc_leave
	pop	{r0-r3, r12, lr}
	TRY	svc_refused, strt r0, [r12, #0]
	TRY	svc_refused, strt r1, [r12, #4]
	TRY	svc_refused, strt r2, [r12, #8]
	TRY	svc_refused, strt r3, [r12, #12]
	dsb	/* Cortex-M4 erratum 838869: a store just before the return */
	bx	lr

svc_leave:
	pop	{r0-r3, r12, lr}
	TRY	svc_late, strt r0, [r12, #0]
	TRY	svc_late, strt r1, [r12, #4]
	TRY	svc_late, strt r2, [r12, #8]
	TRY	svc_late, strt r3, [r12, #12]
	/* Falls through: SVC and PendSV have one priority, so both may switch. */

	/* PendSV: saves the process whole, asks for the next one, resumes that. */
	FUNCTION arm_switch_entry
	movs	r3, #0
switch_save: /* r3: late */
	movs	r0, #ARM_PRIORITY_INTERRUPT
	msr	basepri, r0
	ldr	r12, =arm_current
	ldr	r0, [r12]
	mrs	r1, psp
	movs	r2, #0
	TRY	1f, ldrt r2, [r1, #24]
1:	stmia	r0!, {r4-r11}
	stmia	r0!, {r1-r3}
	ldr	r0, =arm_nobody
	str	r0, [r12]
	bl	kernel_next
	ldr	r3, =arm_current
	str	r0, [r3]
	ldmia	r0!, {r4-r11}
	ldmia	r0!, {r1-r3}
	msr	psp, r1
	cbnz	r3, results_late
switch_resume:
	movs	r2, #0
	msr	basepri, r2
	movs	r2, #ARM_CONTROL_PROCESS
	msr	control, r2
	mvn	lr, #ARM_NOT_EXC_RETURN_PROCESS
	bx	lr

	/*
	 * The call ended with another process mapped, or with none: its results
	 * wait in the context. A frame that is refused then is seen on the return.
	 */
svc_late:
	ldr	r12, =arm_current
	ldr	r12, [r12]
	add	r12, #ARM_CONTEXT_RESULT
	stmia	r12, {r0-r3}
	movs	r3, #1
	b	switch_save
results_late: /* r0: the results, r1: the frame */
	ldr	r2, [r0], #4
	TRY	switch_resume, strt r2, [r1, #0]
	ldr	r2, [r0], #4
	TRY	switch_resume, strt r2, [r1, #4]
	ldr	r2, [r0], #4
	TRY	switch_resume, strt r2, [r1, #8]
	ldr	r2, [r0]
	TRY	switch_resume, strt r2, [r1, #12]
	b	switch_resume

	/* The process took its own stack away under the call. */
svc_refused_pushed:
	add	sp, #24
svc_refused:
	mvn	lr, #ARM_NOT_EXC_RETURN_PROCESS
	b	fault_of_process

	/*
	 * All faults. From thread mode: the process's. Else a refused access that
	 * TRY expects, or a bug.
	 */
	FUNCTION arm_fault_entry
	ldr	r0, =arm_current
	ldr	r0, [r0]
	cbz	r0, fault_of_kernel /* the boot code runs in thread mode */
	tst	lr, #8
	beq	fault_of_kernel
fault_of_process:
	ldr	r0, =arm_current
	ldr	r0, [r0]
	mrs	r1, psp
	mov	r2, r0
	stmia	r2!, {r4-r11}
	str	r1, [r2]
	push	{r3, lr}
	bl	arm_process_fault
	pop	{r3, pc}

fault_of_kernel:
	mov	r0, sp
	ldr	r1, =linker_stack_start
	cmp	r0, r1
	bhi	1f /* at the limit is where ARMv8-M stops an overflow */
	ldr	sp, =linker_stack_end /* its content is lost anyway */
1:	push	{r3, lr}
	bl	arm_kernel_fault
	pop	{r3, pc}

	/* Latches: the interrupt stays pending but cannot come again, and the main loop runs. */
	FUNCTION arm_interrupt_entry
	mrs	r0, ipsr
	subs	r0, #16
	lsrs	r1, r0, #5
	and	r0, #31
	movs	r2, #1
	lsls	r2, r0
	ldr	r3, =NVIC_ICER_ADDRESS
	add	r3, r3, r1, lsl #2
	str	r2, [r3]
	str	r2, [r3, #NVIC_ISPR_OFFSET]
	b	pend_switch

	FUNCTION arm_systick_entry
	ldr	r3, =arm_systick_fired
	movs	r2, #1
	strb	r2, [r3]
pend_switch:
	ldr	r3, =SCB_ICSR_ADDRESS
	mov	r2, #(1 << 28) /* PENDSVSET */
	str	r2, [r3]
	dsb	/* erratum 838869, as above */
	bx	lr

	FUNCTION arm_unexpected_entry
	bl	arm_unexpected

	/*
	 * From the start-up code to the first PendSV. The frame that is stacked
	 * then lands in the kernel's stack, which is empty for that PendSV again.
	 */
	FUNCTION arch_run
	ldr	r0, =linker_stack_end
	msr	psp, r0
	movs	r1, #2
	msr	control, r1 /* thread mode uses PSP */
	isb
	msr	msp, r0
	ldr	r0, =arm_nobody
	ldr	r3, =arm_current
	str	r0, [r3]
	ldr	r3, =SCB_ICSR_ADDRESS
	mov	r2, #(1 << 28)
	str	r2, [r3]
	cpsie	i
	dsb
	isb
1:	b	1b

	/* void arch_clear(uptr_t start, uptr_t end): bytes to a word, then words */
	FUNCTION arch_clear
	movs	r2, #0
	movs	r3, #0
	b	2f
1:	strb	r2, [r0], #1
2:	cmp	r0, r1
	bhs	5f
	tst	r0, #3
	bne	1b
	subs	r1, #16
	b	4f
3:	strd	r2, r3, [r0], #8
	strd	r2, r3, [r0], #8
4:	cmp	r0, r1
	bls	3b
	adds	r1, #16
	b	7f
6:	strb	r2, [r0], #1
7:	cmp	r0, r1
	blo	6b
5:	bx	lr

	.ltorg

	/* bool arm_frame_results(uptr_t psp, const ureg_t result[3]) */
	FUNCTION arm_frame_results
	ldr	r2, [r1]
	TRY	refused, strt r2, [r0, #0]
	ldr	r2, [r1, #4]
	TRY	refused, strt r2, [r0, #4]
	ldr	r2, [r1, #8]
	TRY	refused, strt r2, [r0, #8]
	movs	r0, #1
	bx	lr

	/*
	 * bool arm_frame_upcall(uptr_t psp, uptr_t function, const ureg_t argument[4])
	 *
	 * The frame of the yield becomes the frame of the upcall: a function may
	 * clobber just what it holds. Only "padded" is kept of xPSR, so that the
	 * stack pointer comes out as it was.
	 */
	FUNCTION arm_frame_upcall
	TRY	refused, ldrt r3, [r0, #24]
	orr	r3, #1
	TRY	refused, strt r3, [r0, #20]
	bic	r1, #1
	TRY	refused, strt r1, [r0, #24]
	TRY	refused, ldrt r3, [r0, #28]
	and	r3, #ARM_XPSR_PADDED
	orr	r3, #ARM_XPSR_THUMB
	TRY	refused, strt r3, [r0, #28]
	ldr	r1, [r2]
	TRY	refused, strt r1, [r0, #0]
	ldr	r1, [r2, #4]
	TRY	refused, strt r1, [r0, #4]
	ldr	r1, [r2, #8]
	TRY	refused, strt r1, [r0, #8]
	ldr	r1, [r2, #12]
	TRY	refused, strt r1, [r0, #12]
	movs	r0, #1
	bx	lr

refused:
	movs	r0, #0
	bx	lr
