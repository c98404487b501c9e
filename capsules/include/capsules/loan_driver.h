/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0xD0002: loans between processes. Described in docs/syscalls/d0002_loan.md. */
#ifndef CAPSULES_LOAN_DRIVER_H
#define CAPSULES_LOAN_DRIVER_H

#include "capsules/loan_timer.h"
#include "kernel/driver.h"
#include "kernel/pool.h"

#include <stdbool.h>

struct loan_driver {
	struct driver driver;
	struct loan_client loan_client;
	struct pool_client pool_client;
	struct loan_timer_client timer_client;
	const struct cap_loans *cap;
	struct loan_timer *timer;
	struct pool_buffer *pool; /* that processes may borrow; none: count 0 */
	uint32_t pool_count;
};

struct loan_driver_config {
	const struct cap_loans *cap;
	struct loan_timer *timer;
	struct pool_buffer *pool; /* initialised */
	uint32_t pool_count;
};

/* Whether the process takes part: it can be offered loans, and means to accept some. */
bool loan_driver_serves(struct loan_driver *self, struct process_id process);

void loan_driver_init(struct loan_driver *self, const struct loan_driver_config *config);

#endif
