/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x0: one alarm a process. Described in docs/syscalls/00000_alarm.md. */
#ifndef CAPSULES_ALARM_DRIVER_H
#define CAPSULES_ALARM_DRIVER_H

#include "hil/alarm.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stdint.h>

struct alarm_driver {
	struct driver driver;
	struct alarm_client client;
	struct alarm *alarm;
	/*
	 * When all processes were last looked at: each alarm that is armed
	 * expires after it, and `next` ticks after it the first one does.
	 */
	uint32_t checked;
	uint32_t next;
	bool ticking; /* something may be armed, and then the alarm below is */
};

/* Becomes the client of `alarm`. */
void alarm_driver_init(struct alarm_driver *self, struct alarm *alarm);

#endif
