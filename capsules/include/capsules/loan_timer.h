/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time of loans: ends each when its ticks are over, and warns before. One
 * timer serves all who make loans.
 */
#ifndef CAPSULES_LOAN_TIMER_H
#define CAPSULES_LOAN_TIMER_H

#include "hil/alarm.h"
#include "kernel/loan.h"

#include <stdint.h>

struct loan_timer_client;

struct loan_timer_client_ops {
	/* The loan is live and has `ticks` left; it may be ended or renewed from here. */
	void (*near)(struct loan_timer_client *client, struct loan_id id, uint32_t ticks);
};

struct loan_timer_client {
	const struct loan_timer_client_ops *ops;
};

struct loan_timer_entry {
	struct loan_id id; /* 0: unused */
	uint32_t left;     /* ticks from loan_timer.checked to the end */
	uint32_t warn;     /* so many ticks before; 0: never, or it was done */
	struct loan_timer_client *client;
};

struct loan_timer {
	struct alarm_client alarm_client;
	struct alarm *alarm;
	const struct cap_loans *cap;
	struct loan_timer_entry *entries;
	uint32_t count;
	uint32_t checked; /* when the entries were last brought up to date */
};

struct loan_timer_config {
	struct alarm *alarm; /* the timer becomes its client */
	const struct cap_loans *cap;
	struct loan_timer_entry *entries; /* one for each slot of the kernel's table; cleared */
	uint32_t count;
};

void loan_timer_init(struct loan_timer *self, const struct loan_timer_config *config);

/*
 * Ends the loan in `ticks` of the alarm from now, whatever was set for it before;
 * 0: never. The client (NULL: none) is warned when a quarter of them is left. A
 * loan that ends otherwise is forgotten.
 */
void loan_timer_set(struct loan_timer *self, struct loan_id id, uint32_t ticks,
		    struct loan_timer_client *client);

#endif
