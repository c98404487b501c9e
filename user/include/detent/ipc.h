/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Requests to another process and their answers, copied by the kernel (driver
 * 0xD0010). For more than IPC_MESSAGE_MAX bytes lend them: detent/loan.h.
 *
 * A service:
 *	static size_t answer(const struct ipc_request *request, uint8_t *answer, void *context)
 *	{
 *		... writes up to IPC_MESSAGE_MAX bytes, returns how many ...
 *	}
 *
 *	int main(void)
 *	{
 *		return (int)ipc_serve("clock", answer, NULL);
 *	}
 *
 * A client:
 *	struct ipc_client clock;
 *	struct ipc_exchange call = {.answer = bytes, .room = sizeof(bytes)};
 *
 *	error = ipc_open(&clock, "clock");
 *	if (error == E_OK)
 *		error = ipc_call(&clock, &call);
 *	... call.answered bytes ...
 *
 * A connection ends when either process does. Upcalls of others do not run while
 * a function here waits.
 */
#ifndef DETENT_IPC_H
#define DETENT_IPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

enum {
	IPC_MESSAGE_MAX = 256, /* bytes */
	IPC_NAME_MAX = 32,     /* bytes of a service's name */
	IPC_CHANNELS = 4,      /* connections that a process can have made at a time */
};

/* Who the other side is, as the kernel says. */
struct ipc_peer_info {
	uint32_t process;  /* of this life only; a peer_id for loans */
	uint32_t short_id; /* 0: it has none */
	uint8_t credential; /* that the kernel checked, in TBF's numbers; 0: all of this is a claim */
	uint8_t key;        /* number of the board's key that it was checked with; 0xFF: none */
	uint8_t role;       /* that the board gives this key */
	uint32_t version;
};

/* E_INVAL: no such connection. */
MUST_CHECK enum error ipc_peer(uint32_t handle, struct ipc_peer_info *peer);

/* ---- a client ---- */

struct ipc_client {
	uint32_t handle; /* 0: closed */
	uint32_t channel;
};

enum ipc_trust {
	IPC_CHECKED = 0, /* the kernel has checked a credential */
	IPC_CLAIMED = 1, /* what its header says will do */
};

/*
 * Connects to whoever listens under a name, and waits until it has accepted. A
 * name is no proof of who that is: ipc_peer() tells. E_NODEVICE: nobody listens;
 * E_UNINSTALLED: it did not want to; E_NOMEM: all channels are in use.
 */
MUST_CHECK enum error ipc_open(struct ipc_client *client, const char *name);

/* The same with the process that has this ShortId. */
MUST_CHECK enum error ipc_open_identity(struct ipc_client *client, uint32_t short_id,
					enum ipc_trust trust);

struct ipc_exchange {
	const void *request;
	size_t length;
	void *answer;
	size_t room;     /* bytes for the answer */
	size_t answered; /* bytes of it */
};

/*
 * Asks, and waits for the answer. E_UNINSTALLED: the service is gone, and the
 * connection with it; E_SIZE: request or answer is longer than the other side, or
 * this one, has room for.
 */
MUST_CHECK enum error ipc_call(const struct ipc_client *client, struct ipc_exchange *call);

/* Runs once for each call that was started. */
typedef void ipc_answered(enum error error, size_t length, void *context);

/*
 * The same without waiting; request and room stay where they are until `answered`
 * has run. One call a connection at a time: E_BUSY.
 */
MUST_CHECK enum error ipc_call_start(const struct ipc_client *client,
				     const struct ipc_exchange *call, ipc_answered *answered,
				     void *context);

/* `answered` will not run. The service may be at work on it: calls are E_BUSY until it is done. */
void ipc_cancel(const struct ipc_client *client);

/* Nothing happens if it is closed. */
void ipc_close(struct ipc_client *client);

/* ---- a service ---- */

struct ipc_request {
	uint32_t handle; /* the connection, for ipc_peer() and ipc_answer() */
	const uint8_t *bytes;
	size_t length;
};

/* For ipc_answer() to be called afterwards; the bytes of the request go now. */
#define IPC_LATER ((size_t)-1)

/* Returns the length of the answer that it wrote, or IPC_LATER. */
typedef size_t ipc_serve_request(const struct ipc_request *request, uint8_t answer[IPC_MESSAGE_MAX],
				 void *context);

/*
 * Listens under a name, or a null pointer to be found by identity only, and
 * answers for ever. Returns where it cannot: E_ALREADY: another has the name.
 */
enum error ipc_serve(const char *name, ipc_serve_request *serve, void *context);

/* The same, where the application does the yielding. */
MUST_CHECK enum error ipc_serve_start(const char *name, ipc_serve_request *serve, void *context);

/* E_UNINSTALLED: the client is gone; E_CANCEL: it does not want it any more. */
enum error ipc_answer(uint32_t handle, const void *bytes, size_t length);

/*
 * Who may connect; everybody where this is not called. Before ipc_serve().
 */
typedef bool ipc_admit(uint32_t handle, void *context);
void ipc_serve_only(ipc_admit *admit, void *context);

/* Hears of connections that are over: their handles are good for nothing more. */
typedef void ipc_gone(uint32_t handle, void *context);
void ipc_serve_gone(ipc_gone *gone, void *context);

#endif
