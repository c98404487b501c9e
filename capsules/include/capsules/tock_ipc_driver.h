/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x10000: Tock's notices with a shared buffer, for applications built for
 * it. What a process shares is a loan to the one that it notifies. Described in
 * docs/syscalls/10000_ipc.md.
 */
#ifndef CAPSULES_TOCK_IPC_DRIVER_H
#define CAPSULES_TOCK_IPC_DRIVER_H

#include "capsules/loan_driver.h"
#include "kernel/driver.h"
#include "kernel/loan.h"

#include <stdint.h>

enum { TOCK_IPC_PROCESSES = 8 /* slots 0 to 7 can take part */ };

struct tock_ipc_driver {
	struct driver driver;
	const struct cap_loans *cap;
	struct loan_driver *loans;
};

/* A process that `loans` serves keeps a window for what it accepts there. */
void tock_ipc_driver_init(struct tock_ipc_driver *self, const struct cap_loans *cap,
			  struct loan_driver *loans);

#endif
