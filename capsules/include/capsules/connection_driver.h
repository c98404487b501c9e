/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0xD0010: connections between processes, with requests and answers.
 * Described in docs/syscalls/d0010_connection.md; docs/reference/ipc.md has the
 * state machine.
 */
#ifndef CAPSULES_CONNECTION_DRIVER_H
#define CAPSULES_CONNECTION_DRIVER_H

#include "kernel/driver.h"
#include "kernel/process_watch.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	CONNECTION_CHANNELS = 4, /* connections that one process may have made */
	CONNECTION_NAME_MAX = 32,
};

/* One channel of one process: only that process can fill it. */
struct connection {
	struct process_id client, service;
	uint32_t handle; /* 0: never used */
	uint16_t length; /* bytes of the request */
	uint8_t state;   /* enum connection_state */
	uint8_t reason;  /* enum connection_end, in the state ENDED */
	uint8_t news;    /* bits: the client, the service has not heard of the state yet */
};

/* What one process is to others. */
struct connection_service {
	bool ready;       /* for a request */
	uint8_t turn;     /* the place after that of the last request */
	uint16_t waiting; /* requests to it in the state WAITS */
};

/* For one process slot. */
struct connection_slot {
	struct connection channels[CONNECTION_CHANNELS];
	struct connection_service service;
};

struct connection_driver {
	struct driver driver;
	struct process_watch watch;
	struct connection_slot *slots;
	uint32_t count; /* of slots */
};

/* One slot for each of the board's processes; at most 64. */
void connection_driver_init(struct connection_driver *self, struct connection_slot *slots,
			    uint32_t count);

#endif
