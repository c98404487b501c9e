/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the survivor tells each life of the victim; and the driver's numbers. */
#ifndef IPC_ENDS_ORDER_H
#define IPC_ENDS_ORDER_H

#include <stdint.h>

#include "detent/syscall.h"

enum {
	LISTEN = 1,
	BY_NAME = 3,
	PEER = 5,
	ACCEPT = 7,
	CLOSE = 8,
	NEWS = 9,
	REQUEST = 10,
	CANCEL = 11,
	READY = 12,
	ANSWER = 13,
};
enum { CHANNELS = 4, UPCALL_REQUEST = CHANNELS, UPCALL_NEWS, UPCALLS };
enum { OUT = 1 /* read-only, and so on */, OUT_ANSWER = 5, IN = 0, IN_REQUEST = 4 };
enum { STATE_OFFERED = 1, STATE_OPEN = 2, STATE_ENDED = 6, DIED = 2 };
enum { CONTROL = 0, OTHER = 1 /* channels of the victim */ };

/* How far a connection is when the victim ends. */
enum step {
	STEP_OFFERED,
	STEP_OPEN,
	STEP_WAITS,
	STEP_SERVED,
	STEP_ABANDONED,
	STEP_ANSWERED,
	STEPS,
};

enum way { CRASHES, RESTARTS, TERMINATES };

struct order {
	uint32_t serves; /* the victim is the service; otherwise the client */
	uint32_t step;
	uint32_t way;
};

/* A command's error, E_OK for any success. */
enum error call(uint32_t number, uint32_t first, uint32_t second);

/* 0: it was refused. */
uint32_t connect_to(const char *name, uint32_t channel);

int be_victim(void);
int be_survivor(void);

#endif
