/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the files of the connection driver. */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include "abi/error.h"
#include "capsules/connection_driver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command_number {
	CONNECTION_EXISTS = 0,
	CONNECTION_LISTEN = 1,
	CONNECTION_SILENT = 2,
	CONNECTION_BY_NAME = 3,
	CONNECTION_BY_IDENTITY = 4,
	CONNECTION_PEER = 5,
	CONNECTION_IDENTITY = 6,
	CONNECTION_ACCEPT = 7,
	CONNECTION_CLOSE = 8,
	CONNECTION_NEWS = 9,
	CONNECTION_REQUEST = 10,
	CONNECTION_CANCEL = 11,
	CONNECTION_READY = 12,
	CONNECTION_ANSWER = 13,
	CONNECTION_ANSWER_NEXT = 14,
};

enum upcall_number {
	UPCALL_ANSWER = 0, /* and so on: one a channel */
	UPCALL_REQUEST = CONNECTION_CHANNELS,
	UPCALL_NEWS,
	UPCALLS,
};

/* Read-only: the name, a channel's requests, a service's answers. */
enum {
	ALLOW_NAME = 0,
	ALLOW_OUT = 1, /* one a channel */
	ALLOW_ANSWER = ALLOW_OUT + CONNECTION_CHANNELS,
	ALLOWS_RO,
};

/* Read-write: a channel's answers, a service's requests. */
enum {
	ALLOW_IN = 0, /* one a channel */
	ALLOW_REQUEST = ALLOW_IN + CONNECTION_CHANNELS,
	ALLOWS_RW,
};

/* Of the channel in CONNECTION_BY_IDENTITY: the header's claim will do. */
enum { CONNECT_CLAIMED = 0x100 };

enum { CONNECTION_MESSAGE_MAX = 256 /* bytes; what is longer is lent */ };

/* A handle is a place in the table, and how often that was taken. */
enum {
	CONNECTION_PLACE = 0xFF,
	CONNECTION_SERIAL = 0x100,
	CONNECTION_SLOTS_MAX = (CONNECTION_PLACE + 1) / CONNECTION_CHANNELS,
};

enum connection_state {
	CONNECTION_FREE = 0,
	CONNECTION_OFFERED,   /* the service has neither accepted nor closed it */
	CONNECTION_OPEN,      /* no request */
	CONNECTION_WAITS,     /* a request that the service is not ready for */
	CONNECTION_SERVED,    /* the service has the request */
	CONNECTION_ABANDONED, /* the same, but the client cancelled */
	CONNECTION_ENDED,
};

enum connection_end {
	CONNECTION_CLOSED = 1, /* by the other side */
	CONNECTION_DIED,       /* the other side ended or restarted */
};

enum { NEWS_CLIENT = 1, NEWS_SERVICE = 2 };

struct connection_name {
	uint8_t length;
	uint8_t text[CONNECTION_NAME_MAX];
};

struct connection_grant {
	struct connection_name name;
	bool listening;
};

static inline uint32_t connection_places(const struct connection_driver *self)
{
	return self->count * CONNECTION_CHANNELS;
}

/* `place` is less than connection_places(). */
static inline struct connection *connection_at(const struct connection_driver *self, uint32_t place)
{
	return &self->slots[place / CONNECTION_CHANNELS].channels[place % CONNECTION_CHANNELS];
}

/* The process uses the driver, or did in this life. */
static inline struct connection_service *connection_service(const struct connection_driver *self,
							    struct process_id process)
{
	return &self->slots[process_id_slot(process)].service;
}

/* NULL: no connection of this handle was made by, or to, this life of the process. */
static inline struct connection *connection_find(const struct connection_driver *self,
						 uint32_t handle)
{
	uint32_t place = handle & CONNECTION_PLACE;
	struct connection *connection;

	if (place >= connection_places(self))
		return NULL;
	connection = connection_at(self, place);
	return connection->handle == handle ? connection : NULL;
}

static inline struct connection *connection_of_client(const struct connection_driver *self,
						      struct process_id process, uint32_t handle)
{
	struct connection *connection = connection_find(self, handle);

	return connection != NULL && process_id_equal(connection->client, process) ? connection
										   : NULL;
}

static inline struct connection *connection_of_service(const struct connection_driver *self,
						       struct process_id process, uint32_t handle)
{
	struct connection *connection = connection_find(self, handle);

	return connection != NULL && process_id_equal(connection->service, process) ? connection
										    : NULL;
}

/* connection_requests.c: what is frequent, and what the end of a connection means for requests. */
syscall_result connection_command(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2]);
enum error connection_cancel(struct connection_driver *self, struct process_id process,
			     uint32_t handle);
enum error connection_ready(struct connection_driver *self, struct process_id process);
void connection_answer_client(struct connection_driver *self, const struct connection *connection,
			      enum error status, uint32_t length);

/* connection_driver.c: all other commands. */
syscall_result connection_other_command(struct connection_driver *self, struct process_id process,
					uint32_t number, uint32_t argument[2]);

#endif
