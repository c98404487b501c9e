/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The vector table, and from reset to C: copy .data, zero .bss.
 * ARM_IRQ_COUNT, the number of the chip's interrupts, comes from the board.
 */
#include "asm.h"

	.section .text.start, "a"
	.balign 512 /* VTOR: up to 112 interrupts */
	.global arm_vectors
arm_vectors:
	.word	linker_stack_end
	.word	reset_entry
	.word	arm_unexpected_entry /* NMI */
	.word	arm_fault_entry      /* HardFault */
	.word	arm_fault_entry      /* MemManage */
	.word	arm_fault_entry      /* BusFault */
	.word	arm_fault_entry      /* UsageFault */
	.word	arm_fault_entry      /* SecureFault (ARMv8-M) */
	.word	arm_unexpected_entry
	.word	arm_unexpected_entry
	.word	arm_unexpected_entry
	.word	arm_svc_entry
	.word	arm_unexpected_entry /* DebugMonitor */
	.word	arm_unexpected_entry
	.word	arm_switch_entry     /* PendSV */
	.word	arm_systick_entry
	.rept	ARM_IRQ_COUNT
	.word	arm_interrupt_entry
	.endr

	.section .text.reset, "ax"
	FUNCTION reset_entry
	cpsid	i
	ldr	r0, =linker_stack_end /* a debugger may start here without a reset */
	msr	msp, r0
	STACK_LIMIT
	ldr	r1, =arm_vectors
	ldr	r2, =SCB_VTOR_ADDRESS
	str	r1, [r2]

	ldr	r0, =linker_data_start
	ldr	r1, =linker_data_end
	ldr	r2, =linker_data_load
	b	2f
1:	ldr	r3, [r2], #4
	str	r3, [r0], #4
2:	cmp	r0, r1
	blo	1b

	ldr	r0, =linker_bss_start
	ldr	r1, =linker_bss_end
	movs	r2, #0
	movs	r3, #0
	b	4f
3:	strd	r2, r3, [r0], #8
4:	cmp	r0, r1
	blo	3b

	bl	board_main
5:	b	5b
