/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What entry.S, vectors.S and the C files of this folder share; for both languages.
 *
 * Priorities: a fault comes before all, so that an exception frame that could not
 * be stacked is seen before anything reads it. Interrupts and SysTick come
 * before SVC and PendSV, which never nest: the kernel is single-threaded. In the main loop
 * BASEPRI keeps interrupts pending, and WFI still wakes for them.
 */
#ifndef ARM_ARM_H
#define ARM_ARM_H

#define ARM_PRIORITY_FAULT 0x00
#define ARM_PRIORITY_INTERRUPT 0x40
#define ARM_PRIORITY_KERNEL 0xC0

/* Thread mode, process stack, no floating-point frame; secure on ARMv8-M. */
#define ARM_NOT_EXC_RETURN_PROCESS 2 /* EXC_RETURN 0xFFFFFFFD, inverted for MVN */
#define ARM_CONTROL_PROCESS 3        /* nPRIV, SPSEL */

/* struct arch_context */
#define ARM_CONTEXT_PSP 32
#define ARM_CONTEXT_RESULT 44

#define ARM_XPSR_THUMB 0x01000000
#define ARM_XPSR_PADDED 0x200 /* the hardware put a word above the frame */

#define MPU_RNR_ADDRESS 0xE000ED98
#define MPU_RBAR_ADDRESS 0xE000ED9C
#define SCB_ICSR_ADDRESS 0xE000ED04
#define SCB_VTOR_ADDRESS 0xE000ED08
#define NVIC_ICER_ADDRESS 0xE000E180
#define NVIC_ISPR_OFFSET 0x80 /* of ISPR from ICER */

#ifndef __ASSEMBLER__
#include "trusted/arch.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The process whose registers are live: it runs, or its system call is in the fast
 * path. Null until arch_run().
 */
extern struct arch_context *arm_current;

/* Stands for it while there is none; what is saved here is never resumed. */
extern struct arch_context arm_nobody;

/* entry.S: writes to the frame of a process, with its rights. */
bool arm_frame_results(uptr_t psp, const ureg_t result[3]) MUST_CHECK;
bool arm_frame_upcall(uptr_t psp, uptr_t function, const ureg_t argument[4]) MUST_CHECK;

/* fault.c, for entry.S */
void arm_process_fault(struct arch_context *context);
void arm_kernel_fault(uint32_t *frame);
NORETURN void arm_unexpected(void);

/* armv7m, armv8m: the protection of the kernel itself, and the MPU on. */
void arm_mpu_init(void);

/* enum fault_record_arch */
extern const uint8_t arm_fault_record_arch;

/* The secure fault status, which is cleared; 0 on ARMv7-M. */
uint32_t arm_secure_fault_take(void);

/* armv7m: MPU_RBAR and its aliases, of four regions, and MPU_RBAR once more; in force on return. */
void arm_mpu_write(const uint32_t registers[9]);

/* entry.S: one semihosting call; -1 where nothing answers. */
int32_t semihosting_call(uint32_t operation, const void *argument);

static inline uint32_t arm_ipsr(void)
{
	uint32_t value;

	__asm__ volatile("mrs %0, ipsr" : "=r"(value));
	return value;
}

static inline void arm_barrier(void)
{
	__asm__ volatile("dsb\n\tisb" ::: "memory");
}
#endif

#endif
