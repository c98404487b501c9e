/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any number of timers over the one alarm of the process. A timer never runs
 * early. Times are kept in 64 bits and do not wrap.
 *
 * While no timer is set and no function of this file is called for a whole
 * turn of the kernel's counter (2^32 ticks: 429 s at 10 MHz), that turn is
 * missing from `timer_now_ms`. Timers are not affected.
 */
#ifndef DETENT_TIMER_H
#define DETENT_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

struct timer;

/* May set and cancel timers, this one included, and may sleep. */
typedef void timer_fired(struct timer *timer, void *context);

/*
 * Belongs to the caller; zero it before its first use. It must stay where it is
 * from the moment it is set until it has fired or was cancelled.
 */
struct timer {
	struct timer *next;
	uint64_t due;    /* ticks */
	uint64_t period; /* ticks; 0: fires once */
	timer_fired *fired;
	void *context;
	bool set;
};

/* Fires once, `ms` milliseconds from now. A timer that is set is set anew. */
enum error timer_after_ms(struct timer *timer, uint32_t ms, timer_fired *fired, void *context);

/*
 * Fires every `ms` milliseconds, without drift. Times that were missed because
 * the process was busy are left out. E_INVAL: `ms` is 0.
 */
enum error timer_every_ms(struct timer *timer, uint32_t ms, timer_fired *fired, void *context);

/* Does nothing if the timer is not set. */
void timer_cancel(struct timer *timer);

/* Waits; upcalls and other timers run meanwhile. */
enum error sleep_ms(uint32_t ms);

/* Milliseconds since the first use of a timer function in this process. */
uint64_t timer_now_ms(void);

#endif
