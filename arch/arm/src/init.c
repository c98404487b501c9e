/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "arm.h"
#include "arm/reset.h"
#include "arm/scs.h"
#include "trusted/arch.h"

enum { FAULTS_END = 8, SYSTICK = 15 }; /* exception numbers */

/* Exceptions 4 to 15; see arm.h for why. */
static void priorities_set(void)
{
	for (uint32_t exception = 4; exception < SYSTICK; exception++) {
		bool fault = exception < FAULTS_END;

		SCS_SCB->priority[exception - 4] = fault ? ARM_PRIORITY_FAULT : ARM_PRIORITY_KERNEL;
	}
	SCS_SCB->priority[SYSTICK - 4] = ARM_PRIORITY_INTERRUPT;
}

void arch_init(void)
{
	priorities_set();
	SCS_SCB->ccr |= CCR_STKALIGN;
	/* No process has the FPU, so none can see what another left in it. */
	*SCS_CPACR &= ~(uint32_t)CPACR_FPU;
	SCS_SCB->shcsr |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
	arm_mpu_init();
	arm_barrier();
}

/*
 * WFI wakes for what PRIMASK keeps from being taken, but not for what BASEPRI
 * does. So PRIMASK takes over while we sleep.
 */
void arch_idle(void)
{
	__asm__ volatile("cpsid i\n\t"
			 "msr basepri, %0\n\t"
			 "dsb\n\t"
			 "wfi\n\t"
			 "msr basepri, %1\n\t"
			 "cpsie i"
			 :
			 : "r"(0), "r"(ARM_PRIORITY_INTERRUPT)
			 : "memory");
}

void *arch_kernel_pointer(uptr_t address)
{
	return (void *)address;
}

uptr_t arch_address_of(const void *pointer)
{
	return (uptr_t)pointer;
}

void arm_system_reset(void)
{
	arm_barrier();
	SCS_SCB->aircr = AIRCR_SYSRESETREQ;
	for (;;)
		arm_barrier();
}
