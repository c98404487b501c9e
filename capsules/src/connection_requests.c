/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Requests and answers. A request is copied straight to a service that is ready;
 * else it waits where it is, in the memory of its client, until its turn comes.
 *
 * While a connection is not over both of its processes are alive, for the end of
 * either ends it; so a connection's service has its slot.
 */
#include "connection_private.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

static uint32_t channel_of(const struct connection *connection)
{
	return connection->handle % CONNECTION_CHANNELS;
}

/* Nothing is copied, and no buffer needed, where the request is empty. */
static NOINLINE enum error fetch(const struct connection_driver *self,
				 const struct connection *connection,
				 const struct grant_entry *service)
{
	GRANT_ENTER_EXISTING(client, &self->driver, connection->client);
	if (client == NULL)
		return E_FAIL;

	const struct allow_end from = {client, ALLOW_OUT + channel_of(connection)};
	const struct allow_end to = {service, ALLOW_REQUEST};

	return allow_copy(&from, &to, connection->length);
}

/* Gives a request to a service that is ready. */
static ALWAYS_INLINE enum error hand_over(struct connection_driver *self,
					  struct connection *connection,
					  struct connection_service *state)
{
	enum error error = E_OK;

	GRANT_ENTER_EXISTING(service, &self->driver, connection->service);
	if (service == NULL)
		return E_FAIL;
	if (connection->length != 0)
		error = fetch(self, connection, service);
	if (error != E_OK)
		return error;
	connection->state = CONNECTION_SERVED;
	state->ready = false;
	state->turn = (uint8_t)(connection->handle + 1);
	(void)upcall_schedule(service, UPCALL_REQUEST, connection->handle, connection->length,
			      connection->client.raw);
	return E_OK;
}

static enum error state_error(const struct connection *connection)
{
	if (connection->state == CONNECTION_ENDED)
		return E_UNINSTALLED;
	return connection->state == CONNECTION_OFFERED ? E_RESERVE : E_BUSY;
}

/* What it is to be sent must be shared now; its turn may come when it is not any more. */
static NOINLINE enum error wait_for_turn(struct connection_driver *self,
					 struct connection *connection,
					 struct connection_service *state)
{
	GRANT_ENTER_EXISTING(client, &self->driver, connection->client);
	if (client == NULL)
		return E_FAIL;
	if (connection->length > allow_ro_length(client, ALLOW_OUT + channel_of(connection)))
		return E_SIZE;
	connection->state = CONNECTION_WAITS;
	state->waiting++;
	return E_OK;
}

static NOINLINE syscall_result request(struct connection_driver *self, struct process_id process,
				       uint32_t handle, uint32_t length)
{
	struct connection *connection = connection_of_client(self, process, handle);

	if (connection == NULL)
		return syscall_failure(E_INVAL);
	if (connection->state != CONNECTION_OPEN)
		return syscall_failure(state_error(connection));
	if (length > CONNECTION_MESSAGE_MAX)
		return syscall_failure(E_SIZE);

	struct connection_service *state = connection_service(self, connection->service);

	connection->length = (uint16_t)length;
	if (!state->ready)
		return syscall_from_error(wait_for_turn(self, connection, state));
	return syscall_from_error(hand_over(self, connection, state));
}

enum error connection_cancel(struct connection_driver *self, struct process_id process,
			     uint32_t handle)
{
	struct connection *connection = connection_of_client(self, process, handle);

	if (connection == NULL)
		return E_INVAL;
	if (connection->state == CONNECTION_SERVED) {
		connection->state = CONNECTION_ABANDONED;
		return E_OK;
	}
	if (connection->state != CONNECTION_WAITS)
		return E_ALREADY;
	connection->state = CONNECTION_OPEN;
	connection_service(self, connection->service)->waiting--;
	return E_OK;
}

void connection_answer_client(struct connection_driver *self, const struct connection *connection,
			      enum error status, uint32_t length)
{
	GRANT_ENTER_EXISTING(client, &self->driver, connection->client);
	if (client != NULL)
		(void)upcall_schedule(client, UPCALL_ANSWER + channel_of(connection),
				      (uint32_t)status, length, connection->handle);
}

/* The next request in turn; where it cannot be copied any more its client gets an error. */
static NOINLINE void serve_next(struct connection_driver *self, struct process_id service,
				struct connection_service *state)
{
	uint32_t places = connection_places(self);
	uint32_t place = state->turn;

	for (uint32_t i = 0; i < places && state->waiting != 0; i++, place++) {
		if (place >= places)
			place = 0;

		struct connection *connection = connection_at(self, place);

		if (connection->state != CONNECTION_WAITS ||
		    !process_id_equal(connection->service, service))
			continue;
		state->waiting--;

		enum error error = hand_over(self, connection, state);

		if (error == E_OK)
			return;
		connection->state = CONNECTION_OPEN;
		connection_answer_client(self, connection, error, 0);
	}
}

/* A service with a request that it has not looked at takes no other: that one would be lost. */
static enum error may_be_ready(const struct grant_entry *service)
{
	return upcall_pending(service, UPCALL_REQUEST) ? E_ALREADY : E_OK;
}

/* The service's grant is not entered here, for the request is brought into it. */
static ALWAYS_INLINE void take_next(struct connection_driver *self, struct process_id service)
{
	struct connection_service *state = connection_service(self, service);

	state->ready = true;
	if (state->waiting != 0)
		serve_next(self, service, state);
}

static enum error check_ready(struct connection_driver *self, struct process_id process)
{
	GRANT_ENTER(service, &self->driver, process);
	return service == NULL ? E_NOMEM : may_be_ready(service);
}

enum error connection_ready(struct connection_driver *self, struct process_id process)
{
	enum error error;

	if (process_id_slot(process) >= self->count)
		return E_NOSUPPORT;
	error = check_ready(self, process);
	if (error == E_OK)
		take_next(self, process);
	return error;
}

/* What the client gets; the service has shared what it sends. */
static NOINLINE enum error send(const struct grant_entry *service, const struct grant_entry *client,
				const struct connection *connection, uint32_t length)
{
	const struct allow_end from = {service, ALLOW_ANSWER};
	const struct allow_end to = {client, ALLOW_IN + channel_of(connection)};

	return allow_copy(&from, &to, length);
}

static enum error complete(struct connection_driver *self, struct connection *connection,
			   const struct grant_entry *service, uint32_t length)
{
	enum error error = E_OK;

	GRANT_ENTER_EXISTING(client, &self->driver, connection->client);
	if (client == NULL)
		return E_FAIL;
	if (length != 0)
		error = send(service, client, connection, length);
	connection->state = CONNECTION_OPEN;
	(void)upcall_schedule(client, UPCALL_ANSWER + channel_of(connection), (uint32_t)error,
			      error == E_OK ? length : 0, connection->handle);
	return E_OK;
}

static enum error answer(struct connection_driver *self, struct connection *connection,
			 const struct grant_entry *service, uint32_t length)
{
	if (connection == NULL)
		return E_INVAL;
	if (connection->state == CONNECTION_ABANDONED) {
		connection->state = CONNECTION_OPEN;
		return E_CANCEL;
	}
	if (connection->state != CONNECTION_SERVED)
		return connection->state == CONNECTION_ENDED ? E_UNINSTALLED : E_ALREADY;
	if (length != 0 &&
	    (length > CONNECTION_MESSAGE_MAX || length > allow_ro_length(service, ALLOW_ANSWER)))
		return E_SIZE;
	return complete(self, connection, service, length);
}

static NOINLINE syscall_result answer_only(struct connection_driver *self,
					   struct process_id process, uint32_t handle,
					   uint32_t length)
{
	GRANT_ENTER_EXISTING(service, &self->driver, process);
	if (service == NULL)
		return syscall_failure(E_INVAL);
	return syscall_from_error(
		answer(self, connection_of_service(self, process, handle), service, length));
}

/* What came of the answer, and whether the service may be ready. */
struct answered {
	enum error error, ready;
};

static ALWAYS_INLINE struct answered answer_first(struct connection_driver *self,
						  struct process_id process, uint32_t handle,
						  uint32_t length)
{
	struct answered done = {E_INVAL, E_INVAL};

	GRANT_ENTER_EXISTING(service, &self->driver, process);
	if (service == NULL)
		return done;
	done.error = answer(self, connection_of_service(self, process, handle), service, length);
	done.ready = done.error == E_SIZE ? E_SIZE : may_be_ready(service);
	return done;
}

/*
 * Too long an answer can be given again, so the service stays with its request. Any
 * other error is of a client that left, and the next one may come all the same.
 */
static NOINLINE syscall_result answer_next(struct connection_driver *self,
					   struct process_id process, uint32_t handle,
					   uint32_t length)
{
	struct answered done = answer_first(self, process, handle, length);

	if (done.ready == E_OK && process_id_slot(process) < self->count)
		take_next(self, process);
	return syscall_from_error(done.error != E_OK ? done.error : done.ready);
}

/* Tail calls, so that each pays for the registers that it needs itself. */
syscall_result connection_command(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2])
{
	struct connection_driver *self = CONTAINER_OF(driver, struct connection_driver, driver);

	switch (number) {
	case CONNECTION_REQUEST:
		return request(self, process, argument[0], argument[1]);
	case CONNECTION_ANSWER:
		return answer_only(self, process, argument[0], argument[1]);
	case CONNECTION_ANSWER_NEXT:
		return answer_next(self, process, argument[0], argument[1]);
	default:
		return connection_other_command(self, process, number, argument);
	}
}
