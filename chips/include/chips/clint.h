/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The machine timer of hart 0 in a SiFive core-local interruptor. One hardware
 * compare serves two deadlines: the alarm and the timeslice. Source: SiFive
 * FE310-G002 manual, chapter 9; RISC-V privileged architecture, section 3.2.1.
 *
 * The hardware compare is never later than the earlier deadline, but may be
 * sooner: a deadline that is withdrawn or postponed leaves it alone, and the
 * interrupt that then comes for nothing sets it right. It is also never more
 * than 2^30 ticks ahead, so that 32 bits are enough to compare with it. Both
 * keep the timeslice calls, which stand on the context switch, short.
 */
#ifndef CHIPS_CLINT_H
#define CHIPS_CLINT_H

#include "hil/alarm.h"

#include <stdbool.h>
#include <stdint.h>

struct clint_compare;
struct clint_time;

enum clint_slice {
	CLINT_SLICE_STOPPED,
	CLINT_SLICE_RUNNING,
	CLINT_SLICE_EXPIRED,
};

struct clint {
	struct alarm alarm;
	struct clint_compare *compare_register;
	const struct clint_time *time_register;
	uint64_t alarm_deadline; /* UINT64_MAX: none */
	uint32_t slice_deadline; /* modulo 2^32 */
	uint32_t compare;        /* what the compare register holds, modulo 2^32 */
	uint8_t slice;           /* enum clint_slice */
};

/* No deadline is set afterwards. The board sets clint->alarm.client. */
void clint_init(struct clint *clint, uintptr_t base, uint32_t frequency_hz);

/* The timer interrupt, from the main loop. Calls the alarm's client if it is due. */
void clint_interrupt(struct clint *clint);

/*
 * Interrupts once `ticks` from now, unless stopped or started again before.
 * ticks <= 2^30.
 */
void clint_slice_start(struct clint *clint, uint32_t ticks);
void clint_slice_stop(struct clint *clint);

/*
 * True from the end of the timeslice until the next start or stop, whether
 * clint_interrupt() has run since or not.
 */
bool clint_slice_expired(const struct clint *clint);

#endif
