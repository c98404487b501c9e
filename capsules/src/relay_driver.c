/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A request stays with its client until the server fetches it, so no client can
 * fill up a server. An identifier is the handle of a life and its ShortId: one of
 * a process that ended, or that was made up, finds nobody.
 */
#include "capsules/relay_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	RELAY_EXISTS = 0,
	RELAY_SEND = 0x10,
	RELAY_CANCEL = 0x11,
	RELAY_ENABLE = 0x20,
	RELAY_DISABLE = 0x21,
	RELAY_GET_ANY = 0x22,
	RELAY_GET_FROM = 0x23,
	RELAY_RESPOND = 0x24,
};

enum { UPCALL_RESPONSE = 0, UPCALL_REQUEST = 1, UPCALLS };
enum { QUEUE = 2 };
enum { ALLOW_OUT = 0 }; /* read-only */
enum { ALLOW_IN = 0 };  /* read-write */
enum { COPY_MAX = 4096 /* bytes in one system call */ };

enum relay_state {
	RELAY_IDLE = 0,
	RELAY_ASKS,   /* a client, and `peer` is the server */
	RELAY_SERVES, /* a server, and `peer` is the client */
};

struct relay_grant {
	struct process_id peer;
	struct process_id served; /* the client of the last request */
	uint32_t asked;           /* serial number of the last request that it sent */
	uint32_t serving;         /* of the client's request that it serves */
	uint8_t state;            /* enum relay_state */
	bool enabled;
};

static uint32_t short_id(struct process_id process)
{
	struct app_identity identity;

	return process_identity(process, &identity) ? identity.short_id : 0;
}

/* Nobody where no live process has this identifier. */
static struct process_id known(const uint32_t identifier[2])
{
	struct process_id process = {identifier[0]};
	struct app_identity identity;

	if (!process_identity(process, &identity) || identity.short_id != identifier[1])
		return process_id_none();
	return process;
}

/* ---- clients ---- */

static void complete(struct grant_entry *entry, enum error status, uint32_t length)
{
	GRANT_STATE(entry, struct relay_grant)->state = RELAY_IDLE;
	(void)upcall_schedule(entry, UPCALL_RESPONSE, (uint32_t)status, length, 0);
}

/* Whether the process waits for an answer of this server. */
static bool asks(struct relay_driver *self, struct process_id process, struct process_id server)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	const struct relay_grant *state = GRANT_STATE(entry, struct relay_grant);

	return state->state == RELAY_ASKS && process_id_equal(state->peer, server);
}

static enum error announce(struct relay_driver *self, struct process_id server,
			   struct process_id client)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, server);
	if (entry == NULL)
		return E_NODEVICE;
	if (!GRANT_STATE(entry, struct relay_grant)->enabled)
		return E_UNINSTALLED;
	(void)upcall_schedule(entry, UPCALL_REQUEST, client.raw, short_id(client), 0);
	return E_OK;
}

static enum error send(struct relay_driver *self, struct process_id process,
		       struct process_id server)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct relay_grant *state = GRANT_STATE(entry, struct relay_grant);

	if (state->state != RELAY_IDLE)
		return E_ALREADY;
	if (process_id_is_none(server) || process_id_equal(server, process))
		return E_NODEVICE;

	enum error error = announce(self, server, process);

	if (error != E_OK)
		return error;
	state->state = RELAY_ASKS;
	state->peer = server;
	state->asked++;
	return E_OK;
}

static enum error cancel(struct relay_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	if (GRANT_STATE(entry, struct relay_grant)->state != RELAY_ASKS)
		return E_INVAL;
	complete(entry, E_CANCEL, 0);
	return E_OK;
}

/* All that wait for this server do so no longer. */
static void give_up_on(struct relay_driver *self, struct process_id server)
{
	struct grant_turn turn = grant_turn_after(&self->driver, process_id_none());

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn)) {
		if (!asks(self, turn.current, server))
			continue;

		GRANT_ENTER_EXISTING(entry, &self->driver, turn.current);
		if (entry != NULL)
			complete(entry, E_UNINSTALLED, 0);
	}
}

/* ---- servers ---- */

static enum error enable(struct relay_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	GRANT_STATE(entry, struct relay_grant)->enabled = true;
	return E_OK;
}

static enum error stop_serving(struct relay_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct relay_grant *state = GRANT_STATE(entry, struct relay_grant);

	state->enabled = false;
	if (state->state == RELAY_SERVES)
		state->state = RELAY_IDLE;
	return E_OK;
}

static enum error disable(struct relay_driver *self, struct process_id process)
{
	enum error error = stop_serving(self, process);

	if (error == E_OK)
		give_up_on(self, process);
	return error;
}

/* The next client in turn that waits for this server; nobody: none. */
static struct process_id waiting(struct relay_driver *self, struct process_id server,
				 struct process_id last)
{
	struct grant_turn turn = grant_turn_after(&self->driver, last);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (asks(self, turn.current, server))
			return turn.current;
	return process_id_none();
}

struct relay_copied {
	enum error error; /* E_SIZE: only the beginning fitted */
	uint32_t length;
};

static struct relay_copied copy(const struct grant_entry *from, const struct grant_entry *to)
{
	const struct allow_end source = {from, ALLOW_OUT}, target = {to, ALLOW_IN};
	size_t length = allow_ro_length(from, ALLOW_OUT), room = allow_rw_length(to, ALLOW_IN);
	struct relay_copied copied = {E_OK, (uint32_t)length};

	if (room > COPY_MAX)
		room = COPY_MAX;
	if (length > room)
		copied = (struct relay_copied){E_SIZE, (uint32_t)room};

	enum error error = allow_copy(&source, &target, copied.length);

	return error == E_OK ? copied : (struct relay_copied){error, 0};
}

/* A client whose request cannot be copied gets the error, and keeps nobody waiting. */
static struct relay_copied fetch(struct relay_driver *self, struct grant_entry *server,
				 struct process_id client)
{
	struct relay_grant *state = GRANT_STATE(server, struct relay_grant);

	GRANT_ENTER_EXISTING(entry, &self->driver, client);
	if (entry == NULL)
		return (struct relay_copied){E_NODEVICE, 0};

	struct relay_copied copied = copy(entry, server);

	state->served = client;
	if (copied.error == E_OK || copied.error == E_SIZE) {
		state->state = RELAY_SERVES;
		state->peer = client;
		state->serving = GRANT_STATE(entry, struct relay_grant)->asked;
	} else {
		complete(entry, copied.error, 0);
	}
	return copied;
}

static syscall_result failed(uint32_t argument[2], enum error error, struct process_id client)
{
	argument[0] = client.raw;
	argument[1] = short_id(client);
	return syscall_pack(SYSCALL_FAILURE_U64, (uint32_t)error);
}

/* The first request that can be copied; `*client` nobody: there is none. */
static struct relay_copied fetch_any(struct relay_driver *self, struct grant_entry *server,
				     struct process_id *client)
{
	const struct relay_grant *state = GRANT_STATE(server, struct relay_grant);
	struct process_id process = grant_process(server);
	struct relay_copied copied;

	for (*client = waiting(self, process, state->served); !process_id_is_none(*client);
	     *client = waiting(self, process, state->served)) {
		copied = fetch(self, server, *client);
		if (copied.error == E_OK || copied.error == E_SIZE)
			return copied;
	}
	return (struct relay_copied){E_NODEVICE, 0};
}

/* `from` nobody: from any. */
static syscall_result get(struct relay_driver *self, struct process_id process,
			  struct process_id from, uint32_t argument[2])
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return failed(argument, E_NOMEM, process_id_none());

	const struct relay_grant *state = GRANT_STATE(entry, struct relay_grant);

	if (state->state != RELAY_IDLE)
		return failed(argument, E_ALREADY, process_id_none());

	struct relay_copied copied = {E_NODEVICE, 0};

	if (process_id_is_none(from))
		copied = fetch_any(self, entry, &from);
	else if (asks(self, from, process))
		copied = fetch(self, entry, from);
	if (copied.error != E_OK)
		return failed(argument, copied.error,
			      copied.error == E_SIZE ? from : process_id_none());
	argument[0] = from.raw;
	argument[1] = short_id(from);
	return syscall_pack(SYSCALL_SUCCESS_U32_U64, copied.length);
}

static syscall_result get_from(struct relay_driver *self, struct process_id process,
			       uint32_t argument[2])
{
	struct process_id client = known(argument);

	if (process_id_is_none(client))
		return failed(argument, E_NODEVICE, client);
	return get(self, process, client, argument);
}

/* Not to what the client asked after it had cancelled the request that was fetched. */
static enum error answer(struct relay_driver *self, struct grant_entry *server,
			 struct process_id client)
{
	uint32_t serial = GRANT_STATE(server, struct relay_grant)->serving;

	if (!asks(self, client, grant_process(server)))
		return E_NODEVICE;

	GRANT_ENTER_EXISTING(entry, &self->driver, client);
	if (entry == NULL || GRANT_STATE(entry, struct relay_grant)->asked != serial)
		return E_NODEVICE;

	struct relay_copied copied = copy(server, entry);
	bool done = copied.error == E_OK || copied.error == E_SIZE;

	complete(entry, done ? copied.error : E_FAIL, copied.length);
	return done ? E_OK : copied.error;
}

/* Another request that waits is told again, for the first notice may have been lost. */
static enum error respond(struct relay_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct relay_grant *state = GRANT_STATE(entry, struct relay_grant);

	if (state->state != RELAY_SERVES)
		return E_INVAL;
	state->state = RELAY_IDLE;

	enum error error = answer(self, entry, state->peer);
	struct process_id next = waiting(self, process, state->served);

	if (!process_id_is_none(next) && !upcall_pending(entry, UPCALL_REQUEST))
		(void)upcall_schedule(entry, UPCALL_REQUEST, next.raw, short_id(next), 0);
	return error;
}

static void relay_process_ended(struct process_watch *watch, struct process_id process)
{
	give_up_on(CONTAINER_OF(watch, struct relay_driver, watch), process);
}

static const struct process_watch_ops watch_ops = {
	.ended = relay_process_ended,
};

static syscall_result relay_command(struct driver *driver, struct process_id process,
				    uint32_t number, uint32_t argument[2])
{
	struct relay_driver *self = CONTAINER_OF(driver, struct relay_driver, driver);

	switch (number) {
	case RELAY_EXISTS:
		return syscall_success();
	case RELAY_SEND:
		return syscall_from_error(send(self, process, known(argument)));
	case RELAY_CANCEL:
		return syscall_from_error(cancel(self, process));
	case RELAY_ENABLE:
		return syscall_from_error(enable(self, process));
	case RELAY_DISABLE:
		return syscall_from_error(disable(self, process));
	case RELAY_GET_ANY:
		return get(self, process, process_id_none(), argument);
	case RELAY_GET_FROM:
		return get_from(self, process, argument);
	case RELAY_RESPOND:
		return syscall_from_error(respond(self, process));
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type relay_driver_type = {
	.command = relay_command,
	.grant = {.size = sizeof(struct relay_grant),
		  .upcalls = UPCALLS,
		  .queue = QUEUE,
		  .allow_ro = 1,
		  .allow_rw = 1},
};

void relay_driver_init(struct relay_driver *self)
{
	*self = (struct relay_driver){
		.driver = {.type = &relay_driver_type},
		.watch = {.ops = &watch_ops},
	};
	process_watch_add(&self->watch);
}
