/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The APB dual timer of Arm's Cortex-M System Design Kit as an alarm: the first
 * timer counts for ever, the second runs down to the alarm. Source: its Technical
 * Reference Manual (DDI 0479), section 4.4.
 */
#ifndef CHIPS_CMSDK_DUALTIMER_H
#define CHIPS_CMSDK_DUALTIMER_H

#include "hil/alarm.h"

#include <stdbool.h>
#include <stdint.h>

struct cmsdk_dualtimer_registers;

enum { CMSDK_DUALTIMER_PRESCALE = 16 }; /* the alarm's frequency is clock_hz divided by this */

struct cmsdk_dualtimer {
	struct alarm alarm;
	struct cmsdk_dualtimer_registers *registers;
	uint32_t reference; /* of the alarm, as it was set */
	uint32_t delta;
	bool armed;
};

/* The board sets timer->alarm.client before the first alarm. */
void cmsdk_dualtimer_init(struct cmsdk_dualtimer *timer, uintptr_t base, uint32_t clock_hz);

/* The timer's interrupt, from the main loop. Calls the client. */
void cmsdk_dualtimer_interrupt(struct cmsdk_dualtimer *timer);

#endif
