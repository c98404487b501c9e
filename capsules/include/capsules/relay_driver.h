/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0xA0010: requests and answers, one transaction a process, as Tock's pull
 * request 5015 defines them. Described in docs/syscalls/a0010_relay.md.
 */
#ifndef CAPSULES_RELAY_DRIVER_H
#define CAPSULES_RELAY_DRIVER_H

#include "kernel/driver.h"
#include "kernel/process_watch.h"

struct relay_driver {
	struct driver driver;
	struct process_watch watch;
};

void relay_driver_init(struct relay_driver *self);

#endif
