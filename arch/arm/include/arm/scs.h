/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The System Control Space without the MPU. Source: ARMv7-M Architecture
 * Reference Manual, B3.2 to B3.4; ARMv8-M, D1.2. The same for both.
 */
#ifndef ARM_SCS_H
#define ARM_SCS_H

#include <stdint.h>

enum {
	ICSR_PENDSVSET = 1 << 28,
	ICSR_PENDSVCLR = 1 << 27,
	ICSR_PENDSTSET = 1 << 26,
	ICSR_PENDSTCLR = 1 << 25,
	ICSR_ISRPENDING = 1 << 22,

	CCR_STKALIGN = 1 << 9,

	SHCSR_SVCALLPENDED = 1 << 15,
	SHCSR_MEMFAULTENA = 1 << 16,
	SHCSR_BUSFAULTENA = 1 << 17,
	SHCSR_USGFAULTENA = 1 << 18,
	SHCSR_SECUREFAULTENA = 1 << 19, /* ARMv8-M */

	SYSTICK_RUN = 7, /* enabled, with its exception, on the processor's clock */
	SYSTICK_TICKS_MAX = 0xFFFFFF,

	CPACR_FPU = 0xF << 20, /* CP10 and CP11 */
};

#define AIRCR_SYSRESETREQ 0x05FA0004u /* with the key */

struct scs_scb {
	volatile const uint32_t cpuid; /* 0xE000ED00 */
	volatile uint32_t icsr;
	volatile uint32_t vtor;
	volatile uint32_t aircr;
	volatile uint32_t scr;
	volatile uint32_t ccr;
	volatile uint8_t priority[12]; /* of exceptions 4 to 15 */
	volatile uint32_t shcsr;
	volatile uint32_t cfsr;
	volatile uint32_t hfsr;
	volatile uint32_t dfsr;
	volatile uint32_t mmfar;
	volatile uint32_t bfar;
};

struct scs_systick {
	volatile uint32_t csr; /* 0xE000E010 */
	volatile uint32_t rvr;
	volatile uint32_t cvr;
};

struct scs_nvic {
	volatile uint32_t iser[32]; /* 0xE000E100 */
	volatile uint32_t icer[32];
	volatile uint32_t ispr[32];
	volatile uint32_t icpr[32];
	volatile const uint32_t iabr[64];
	volatile uint8_t priority[496]; /* 0xE000E400 */
};

#define SCS_SYSTICK ((struct scs_systick *)0xE000E010u)
#define SCS_NVIC ((struct scs_nvic *)0xE000E100u)
#define SCS_SCB ((struct scs_scb *)0xE000ED00u)
#define SCS_CPACR ((volatile uint32_t *)0xE000ED88u)
#define SCS_SFSR ((volatile uint32_t *)0xE000EDE4u) /* ARMv8-M with security */

_Static_assert(sizeof(struct scs_scb) == 0x3C, "SCB ends at BFAR");
_Static_assert(__builtin_offsetof(struct scs_scb, shcsr) == 0x24, "SHCSR");
_Static_assert(__builtin_offsetof(struct scs_nvic, priority) == 0x300, "NVIC_IPR");

#endif
