/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What processes share: the alarm, loans of memory, the kernel's buffers that they
 * borrow, and the drivers through which they find and call one another.
 */
#ifndef BOARDS_COMMON_SHARING_H
#define BOARDS_COMMON_SHARING_H

#include "capsules/alarm_driver.h"
#include "capsules/connection_driver.h"
#include "capsules/loan_driver.h"
#include "capsules/registry_driver.h"
#include "capsules/relay_driver.h"
#include "capsules/tock_ipc_driver.h"
#include "hil/alarm.h"
#include "trusted/board.h"

#include <stdint.h>

enum {
	SHARED_LOANS = 24,     /* live at one time, ... */
	SHARED_LOAN_QUOTA = 8, /* ... of which one process may have made so many */
};

/* The kernel's table, for the board's description. */
extern struct loan shared_loans[SHARED_LOANS];

extern struct alarm_driver alarm_driver;
extern struct loan_driver loan_driver;
extern struct connection_driver connection_driver;
extern struct registry_driver string_registry, package_registry;
extern struct relay_driver relay_driver;
extern struct tock_ipc_driver tock_ipc_driver;

/* `connections`: one for each of the board's process slots. The alarm has been initialised. */
void sharing_init(struct alarm *alarm, struct connection_slot *connections, uint32_t count);

#endif
