/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A wrapping 32-bit counter with one alarm (after TRD105).
 */
#ifndef HIL_ALARM_H
#define HIL_ALARM_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct alarm;

struct alarm_client {
	const struct alarm_client_ops *ops;
};

struct alarm_client_ops {
	/* The alarm expired and is disarmed. It may be set again from here. */
	void (*fired)(struct alarm_client *client);
};

struct alarm_ops {
	/* Ticks since an arbitrary instant, modulo 2^32. */
	uint32_t (*now)(const struct alarm *alarm);
	/*
	 * Fires once when the counter has passed `reference + delta` (modulo
	 * 2^32), where `reference` lies in the past: if `now` is not within
	 * [reference, reference + delta), it fires at once, by interrupt and
	 * never from inside this call. Replaces an alarm already set.
	 */
	void (*set)(struct alarm *alarm, uint32_t reference, uint32_t delta);
	/* No callback follows, even if the alarm expired already. */
	void (*disarm)(struct alarm *alarm);
};

struct alarm {
	const struct alarm_ops *ops;
	struct alarm_client *client; /* set by the board or the virtualiser */
	uint32_t frequency_hz;
};

#endif
