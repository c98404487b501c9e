/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The one alarm that the kernel gives a process (driver 0x0). An application
 * that uses the timers of detent/timer.h must leave `alarm_set`, `alarm_stop`
 * and `alarm_wait` to them.
 *
 * The counter has 32 bits and wraps.
 */
#ifndef DETENT_ALARM_H
#define DETENT_ALARM_H

#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* Runs when the alarm has gone off: the counter now, and what was asked for. */
typedef void alarm_fired(uint32_t now, uint32_t due, void *context);

/* Ticks a second. */
MUST_CHECK enum error alarm_frequency(uint32_t *hertz);

/* The counter now. 0 if there is no alarm driver. */
uint32_t alarm_now(void);

/* The function for the alarm; null ends it. */
enum error alarm_subscribe(alarm_fired *fired, void *context);

/*
 * Goes off as soon as the counter is not between `reference` and `reference +
 * ticks`; thus one that is already due goes off at once. An alarm that was set
 * before is replaced.
 */
enum error alarm_set(uint32_t reference, uint32_t ticks);

/* E_ALREADY: none is set. */
enum error alarm_stop(void);

/* Waits until the alarm has gone off; no upcall runs meanwhile. */
void alarm_wait(void);

#endif
