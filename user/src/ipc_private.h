/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the two sides of connections. */
#ifndef IPC_PRIVATE_H
#define IPC_PRIVATE_H

#include "detent/ipc.h"
#include "detent/syscall.h"

enum ipc_command {
	IPC_LISTEN = 1,
	IPC_BY_NAME = 3,
	IPC_BY_IDENTITY = 4,
	IPC_PEER = 5,
	IPC_IDENTITY = 6,
	IPC_ACCEPT = 7,
	IPC_CLOSE = 8,
	IPC_NEWS = 9,
	IPC_REQUEST = 10,
	IPC_CANCEL = 11,
	IPC_READY = 12,
	IPC_ANSWER = 13,
	IPC_ANSWER_NEXT = 14,
};

enum { IPC_EVENT_ANSWER = 0, IPC_EVENT_REQUEST = IPC_CHANNELS, IPC_EVENT_NEWS };
enum { IPC_BUFFER_NAME = 0, IPC_BUFFER_OUT = 1, IPC_BUFFER_ANSWER = IPC_BUFFER_OUT + IPC_CHANNELS };
enum { IPC_BUFFER_IN = 0, IPC_BUFFER_REQUEST = IPC_CHANNELS };
enum { IPC_STATE_OFFERED = 1, IPC_STATE_OPEN = 2, IPC_STATE_ENDED = 6, IPC_STATE_MASK = 0xFF };

/* Takes all news, of both sides: what is not of a channel is the service's. */
void ipc_hear(void);

/* Set by the service, if this process is one. */
extern void (*ipc_service_heard)(uint32_t handle, uint32_t state);

/* With the name in the driver's buffer; a null pointer is an empty one. */
enum error ipc_share_name(const char *name);

#endif
