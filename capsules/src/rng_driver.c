/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Every gathering of bytes serves one process; then the next one that waits has
 * its turn, however much the first still wants. No two processes get the same
 * byte, and none stays in the buffer.
 */
#include "capsules/rng_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	RNG_EXISTS = 0,
	RNG_GET = 1,
};

enum { UPCALL_DONE = 0 };
enum { ALLOW_BUFFER = 0 }; /* read-write */

struct rng_grant {
	uint32_t length; /* wanted in all */
	uint32_t count;  /* of which were given */
	bool waiting;
};

static void rng_finish(struct grant_entry *entry, struct rng_grant *state, enum error status)
{
	state->waiting = false;
	upcall_schedule(entry, UPCALL_DONE, (uint32_t)status, state->count, 0);
}

static enum error rng_gather(struct rng_driver *self, struct process_id process)
{
	enum error error =
		self->entropy->ops->gather(self->entropy, &self->slot, sizeof(self->bytes));

	if (error == E_OK)
		self->served = process;
	return error;
}

static syscall_result rng_get(struct rng_driver *self, struct process_id process, uint32_t wanted)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct rng_grant *state = GRANT_STATE(entry, struct rng_grant);
	size_t shared = allow_rw_length(entry, ALLOW_BUFFER);

	state->length = (uint32_t)(wanted < shared ? wanted : shared);
	state->count = 0;
	if (state->length == 0) {
		rng_finish(entry, state, E_OK);
		return syscall_success();
	}

	enum error error = self->slot == NULL ? E_OK : rng_gather(self, process);

	state->waiting = error == E_OK;
	return syscall_from_error(error);
}

static syscall_result rng_command(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2])
{
	struct rng_driver *self = CONTAINER_OF(driver, struct rng_driver, driver);

	if (number == RNG_EXISTS)
		return syscall_success();
	if (number == RNG_GET)
		return rng_get(self, process, argument[0]);
	return syscall_failure(E_NOSUPPORT);
}

static const struct driver_type rng_driver_type = {
	.command = rng_command,
	.grant = {.size = sizeof(struct rng_grant), .upcalls = 1, .allow_rw = 1},
};

/* Hands `count` fresh bytes to the process whose turn it was, if it still waits. */
static void rng_give(struct rng_driver *self, size_t count, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return;

	struct rng_grant *state = GRANT_STATE(entry, struct rng_grant);

	if (!state->waiting)
		return;
	if (status != E_OK) {
		rng_finish(entry, state, status);
		return;
	}

	size_t left = state->length - state->count;
	size_t part = left < count ? left : count;

	if (allow_rw_write(entry, ALLOW_BUFFER, state->count, self->bytes, part) != E_OK) {
		rng_finish(entry, state, E_OK); /* the buffer is shorter now: what fitted */
		return;
	}
	state->count += (uint32_t)part;
	if (state->count == state->length)
		rng_finish(entry, state, E_OK);
}

/* False: this process does not wait. */
static bool rng_serve(struct rng_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct rng_grant *state = GRANT_STATE(entry, struct rng_grant);

	if (!state->waiting)
		return false;

	enum error error = rng_gather(self, process);

	if (error == E_OK)
		return true;
	rng_finish(entry, state, error);
	return false;
}

static void rng_gathered(struct entropy_client *client, uint8_t *buffer, size_t count,
			 enum error status)
{
	struct rng_driver *self = CONTAINER_OF(client, struct rng_driver, client);

	self->slot = buffer;
	rng_give(self, count < sizeof(self->bytes) ? count : sizeof(self->bytes), status);
	for (size_t i = 0; i < sizeof(self->bytes); i++)
		self->bytes[i] = 0;

	struct grant_turn turn = grant_turn_after(&self->driver, self->served);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (rng_serve(self, turn.current))
			return;
}

static const struct entropy_client_ops client_ops = {
	.gathered = rng_gathered,
};

void rng_driver_init(struct rng_driver *self, struct entropy *entropy)
{
	*self = (struct rng_driver){
		.driver = {.type = &rng_driver_type},
		.client = {.ops = &client_ops},
		.entropy = entropy,
	};
	self->slot = self->bytes;
	entropy->client = &self->client;
}
