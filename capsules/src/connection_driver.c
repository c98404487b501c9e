/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The place of a connection in the table says whose channel it is, so no process
 * can use up what is another's, and a client's requests wait in its own place and
 * its own memory, however many clients a service has. The upcalls that matter
 * cannot be lost: each number has at most one pending, and says to look here.
 */
#include "capsules/connection_driver.h"

#include "connection_private.h"
#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

/* ---- finding ---- */

static struct connection *of_either(const struct connection_driver *self, struct process_id process,
				    uint32_t handle)
{
	struct connection *connection = connection_of_client(self, process, handle);

	return connection != NULL ? connection : connection_of_service(self, process, handle);
}

static void tell(struct connection_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry != NULL && !upcall_pending(entry, UPCALL_NEWS))
		(void)upcall_schedule(entry, UPCALL_NEWS, 0, 0, 0);
}

/* ---- listening ---- */

static bool has_name(const struct connection_grant *state, const struct connection_name *name)
{
	if (!state->listening || state->name.length != name->length)
		return false;
	for (uint32_t i = 0; i < name->length; i++)
		if (state->name.text[i] != name->text[i])
			return false;
	return true;
}

static bool is_named(struct connection_driver *self, struct process_id process,
		     const struct connection_name *name)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	return entry != NULL && has_name(GRANT_STATE(entry, struct connection_grant), name);
}

/* Nobody for an empty name. */
static struct process_id listener(struct connection_driver *self,
				  const struct connection_name *name)
{
	struct process_id process = process_id_none();
	struct process_id first = grant_next(&self->driver, process);

	if (name->length == 0)
		return process;
	for (process = first; !process_id_is_none(process);) {
		if (is_named(self, process, name))
			return process;
		process = grant_next(&self->driver, process);
		if (process_id_equal(process, first))
			break;
	}
	return process_id_none();
}

static enum error read_name(const struct grant_entry *entry, struct connection_name *name)
{
	size_t length = allow_ro_length(entry, ALLOW_NAME);

	if (length > CONNECTION_NAME_MAX)
		return E_SIZE;
	name->length = (uint8_t)length;
	return allow_ro_read(entry, ALLOW_NAME, 0, name->text, length);
}

static enum error name_of(struct connection_driver *self, struct process_id process,
			  struct connection_name *name)
{
	GRANT_ENTER(entry, &self->driver, process);
	return entry == NULL ? E_NOMEM : read_name(entry, name);
}

/* An empty name: found by identity only. */
static enum error listen(struct connection_driver *self, struct process_id process)
{
	struct connection_name name;
	enum error error = name_of(self, process, &name);

	if (error != E_OK)
		return error;
	if (process_id_slot(process) >= self->count)
		return E_NOSUPPORT;

	struct process_id holder = listener(self, &name);

	if (!process_id_is_none(holder) && !process_id_equal(holder, process))
		return E_ALREADY;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct connection_grant *state = GRANT_STATE(entry, struct connection_grant);

	state->name = name;
	state->listening = true;
	return E_OK;
}

static enum error fall_silent(struct connection_driver *self, struct process_id process)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	GRANT_STATE(entry, struct connection_grant)->listening = false;
	return E_OK;
}

static bool listens(struct connection_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	return entry != NULL && GRANT_STATE(entry, struct connection_grant)->listening;
}

/* ---- connecting ---- */

static syscall_result connect(struct connection_driver *self, struct process_id process,
			      struct process_id service, uint32_t channel)
{
	uint32_t place = process_id_slot(process) * CONNECTION_CHANNELS + channel;

	if (channel >= CONNECTION_CHANNELS || process_id_equal(process, service))
		return syscall_failure(E_INVAL);
	if (place >= connection_places(self))
		return syscall_failure(E_NOSUPPORT);
	if (!listens(self, service))
		return syscall_failure(E_NODEVICE);

	struct connection *connection = connection_at(self, place);
	uint32_t serial = (connection->handle & ~(uint32_t)CONNECTION_PLACE) + CONNECTION_SERIAL;

	if (connection->state != CONNECTION_FREE && connection->state != CONNECTION_ENDED)
		return syscall_failure(E_ALREADY);
	*connection = (struct connection){
		.client = process,
		.service = service,
		.handle = (serial != 0 ? serial : CONNECTION_SERIAL) | place,
		.state = CONNECTION_OFFERED,
		.news = NEWS_SERVICE,
	};
	tell(self, service);
	return syscall_success_u32(connection->handle);
}

static syscall_result connect_by_name(struct connection_driver *self, struct process_id process,
				      uint32_t channel)
{
	struct connection_name name;
	enum error error = name_of(self, process, &name);

	if (error != E_OK)
		return syscall_failure(error);
	return connect(self, process, listener(self, &name), channel);
}

/* What only its own header claims is no identity, unless that is good enough for the client. */
static syscall_result connect_by_identity(struct connection_driver *self, struct process_id process,
					  const uint32_t argument[2])
{
	bool checked = (argument[0] & CONNECT_CLAIMED) == 0;
	struct process_id service = process_by_short_id(argument[1], checked);

	if (process_id_is_none(service))
		return syscall_failure(E_NODEVICE);

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	return connect(self, process, service, argument[0] & ~(uint32_t)CONNECT_CLAIMED);
}

static struct process_id peer(struct connection_driver *self, struct process_id process,
			      uint32_t handle)
{
	const struct connection *connection = of_either(self, process, handle);

	if (connection == NULL || connection->state == CONNECTION_ENDED)
		return process_id_none();
	return process_id_equal(connection->client, process) ? connection->service
							     : connection->client;
}

static syscall_result tell_peer(struct connection_driver *self, struct process_id process,
				uint32_t argument[2])
{
	struct process_id other = peer(self, process, argument[0]);
	struct app_identity identity;

	if (!process_identity(other, &identity))
		return syscall_failure(E_INVAL);
	return syscall_success_2_u32(argument, other.raw, identity.short_id);
}

static syscall_result tell_identity(struct connection_driver *self, struct process_id process,
				    uint32_t argument[2])
{
	struct app_identity identity;

	if (!process_identity(peer(self, process, argument[0]), &identity))
		return syscall_failure(E_INVAL);
	return syscall_success_2_u32(argument,
				     (uint32_t)identity.role << 16 | (uint32_t)identity.key << 8 |
					     identity.credential,
				     identity.version);
}

static enum error accept(struct connection_driver *self, struct process_id process, uint32_t handle)
{
	struct connection *connection = connection_of_service(self, process, handle);

	if (connection == NULL)
		return E_INVAL;
	if (connection->state == CONNECTION_ENDED)
		return E_UNINSTALLED;
	if (connection->state != CONNECTION_OFFERED)
		return E_ALREADY;
	connection->state = CONNECTION_OPEN;
	connection->news = NEWS_CLIENT;
	tell(self, connection->client);
	return E_OK;
}

/* ---- ending ---- */

/* A client that waits for an answer gets an error in its place. */
static void end(struct connection_driver *self, struct connection *connection,
		enum connection_end reason, uint8_t news)
{
	bool asked =
		connection->state == CONNECTION_WAITS || connection->state == CONNECTION_SERVED;

	if (connection->state == CONNECTION_WAITS)
		connection_service(self, connection->service)->waiting--;
	connection->state = CONNECTION_ENDED;
	connection->reason = (uint8_t)reason;
	connection->news = news;
	if ((news & NEWS_SERVICE) != 0)
		tell(self, connection->service);
	if ((news & NEWS_CLIENT) == 0)
		return;
	if (asked)
		connection_answer_client(self, connection, E_UNINSTALLED, 0);
	tell(self, connection->client);
}

static enum error close(struct connection_driver *self, struct process_id process, uint32_t handle)
{
	struct connection *connection = of_either(self, process, handle);
	bool client = connection != NULL && process_id_equal(connection->client, process);

	if (connection == NULL)
		return E_INVAL;
	if (connection->state == CONNECTION_ENDED) {
		connection->news &= (uint8_t) ~(client ? NEWS_CLIENT : NEWS_SERVICE);
		return E_OK;
	}
	end(self, connection, CONNECTION_CLOSED, client ? NEWS_SERVICE : NEWS_CLIENT);
	return E_OK;
}

static void connection_process_ended(struct process_watch *watch, struct process_id process)
{
	struct connection_driver *self = CONTAINER_OF(watch, struct connection_driver, watch);

	for (uint32_t i = 0; i < connection_places(self); i++) {
		struct connection *connection = connection_at(self, i);

		if (connection->state == CONNECTION_FREE || connection->state == CONNECTION_ENDED)
			continue;
		if (process_id_equal(connection->client, process))
			end(self, connection, CONNECTION_DIED, NEWS_SERVICE);
		else if (process_id_equal(connection->service, process))
			end(self, connection, CONNECTION_DIED, NEWS_CLIENT);
	}
	if (process_id_slot(process) < self->count)
		*connection_service(self, process) = (struct connection_service){0};
}

static const struct process_watch_ops watch_ops = {
	.ended = connection_process_ended,
};

/* ---- news ---- */

static uint32_t state_told(const struct connection *connection)
{
	return (uint32_t)connection->state | (uint32_t)connection->reason << 8;
}

/* One connection that the process has not heard of yet; handle 0: there is none. */
static syscall_result news(struct connection_driver *self, struct process_id process,
			   uint32_t argument[2])
{
	for (uint32_t i = 0; i < connection_places(self); i++) {
		struct connection *connection = connection_at(self, i);
		uint8_t mine = 0;

		if (connection->news == 0)
			continue;
		if (process_id_equal(connection->client, process))
			mine = NEWS_CLIENT;
		else if (process_id_equal(connection->service, process))
			mine = NEWS_SERVICE;
		if ((connection->news & mine) == 0)
			continue;
		connection->news &= (uint8_t)~mine;
		return syscall_success_2_u32(argument, connection->handle, state_told(connection));
	}
	return syscall_success_2_u32(argument, 0, 0);
}

/* ---- commands ---- */

syscall_result connection_other_command(struct connection_driver *self, struct process_id process,
					uint32_t number, uint32_t argument[2])
{
	switch (number) {
	case CONNECTION_EXISTS:
		return syscall_success();
	case CONNECTION_LISTEN:
		return syscall_from_error(listen(self, process));
	case CONNECTION_SILENT:
		return syscall_from_error(fall_silent(self, process));
	case CONNECTION_BY_NAME:
		return connect_by_name(self, process, argument[0]);
	case CONNECTION_BY_IDENTITY:
		return connect_by_identity(self, process, argument);
	case CONNECTION_PEER:
		return tell_peer(self, process, argument);
	case CONNECTION_IDENTITY:
		return tell_identity(self, process, argument);
	case CONNECTION_ACCEPT:
		return syscall_from_error(accept(self, process, argument[0]));
	case CONNECTION_CLOSE:
		return syscall_from_error(close(self, process, argument[0]));
	case CONNECTION_NEWS:
		return news(self, process, argument);
	case CONNECTION_CANCEL:
		return syscall_from_error(connection_cancel(self, process, argument[0]));
	case CONNECTION_READY:
		return syscall_from_error(connection_ready(self, process));
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type connection_driver_type = {
	.command = connection_command,
	.grant = {.size = sizeof(struct connection_grant),
		  .upcalls = UPCALLS,
		  .allow_ro = ALLOWS_RO,
		  .allow_rw = ALLOWS_RW},
};

void connection_driver_init(struct connection_driver *self, struct connection_slot *slots,
			    uint32_t count)
{
	*self = (struct connection_driver){
		.driver = {.type = &connection_driver_type},
		.watch = {.ops = &watch_ops},
		.slots = slots,
		.count = count <= CONNECTION_SLOTS_MAX ? count : CONNECTION_SLOTS_MAX,
	};
	process_watch_add(&self->watch);
}
