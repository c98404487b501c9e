/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Alarm and timeslices on the 24-bit SysTick of a Cortex-M alone, for chips that have
 * (or whose emulator has) no other timer. Implements the timeslice calls of
 * trusted/chip.h. Source: ARMv7-M Architecture Reference Manual, B3.3.
 *
 * SysTick runs for ever. A period is as long as the nearest deadline allows, so
 * an idle system wakes once in 2^24 ticks. Starting a period early loses a few
 * ticks, which are made up for by a constant: the alarm's time is not for
 * measuring.
 */
#ifndef CHIPS_SYSTICK_ALARM_H
#define CHIPS_SYSTICK_ALARM_H

#include "hil/alarm.h"

#include <stdint.h>

/* The processor's clock is the alarm's frequency; whole MHz. Once. The board sets the client. */
struct alarm *systick_alarm_init(uint32_t frequency_hz);

/* Interrupt NVIC_SYSTICK, from the main loop. Calls the client. */
void systick_alarm_interrupt(void);

#endif
