/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timeslice timer of trusted/chip.h, on the processor's own 24-bit SysTick.
 */
#ifndef ARM_SYSTICK_H
#define ARM_SYSTICK_H

#include <stdint.h>

/* The processor's clock. Once, before the first timeslice. */
void systick_init(uint32_t frequency_hz);

#endif
