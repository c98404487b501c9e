/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The interrupt controller. arch/arm also gives chip_service_interrupts() and
 * chip_interrupt_pending() of trusted/chip.h: they look here.
 *
 * A source must hold its line until its handler has served it.
 */
#ifndef ARM_NVIC_H
#define ARM_NVIC_H

#include <stdbool.h>
#include <stdint.h>

/* Lets interrupt `number` through to board_interrupt(). Below ARM_IRQ_COUNT. */
void nvic_enable(uint32_t number);

/* For board_interrupt(): the SysTick exception, once nvic_enable_systick() was called. */
#define NVIC_SYSTICK UINT32_MAX

void nvic_enable_systick(void);

/* The SysTick exception came from a process, and who uses SysTick did not see to it yet. */
extern volatile bool arm_systick_fired;

#endif
