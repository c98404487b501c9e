/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timeslice timer of trusted/chip.h on the 24-bit SysTick of a Cortex-M, for
 * chips that have another timer for the alarm.
 */
#ifndef CHIPS_SYSTICK_SLICE_H
#define CHIPS_SYSTICK_SLICE_H

#include <stdint.h>

/* The processor's clock. Once, before the first timeslice. */
void systick_slice_init(uint32_t frequency_hz);

#endif
