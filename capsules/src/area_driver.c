/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/area_driver.h"

#include "capsules/grant_turn.h"
#include "lib/compiler.h"

enum { ALLOW_WRITE = 0 }; /* read-only */
enum { ALLOW_READ = 0 };  /* read-write */

/* Hands the next piece of a process's transfer to the area; E_OK: it is under way. */
static enum error area_driver_begin_piece(struct area_driver *self, struct grant_entry *entry,
					  const struct area_grant *state)
{
	uint32_t left = state->length - state->done;
	struct storage_area_transfer transfer = {
		.process = grant_process(entry),
		.offset = state->offset + state->done,
		.bytes = self->bytes,
		.length = left < sizeof(self->bytes) ? left : (uint32_t)sizeof(self->bytes),
	};
	enum error error;

	if (state->command == AREA_WRITE &&
	    allow_ro_read(entry, ALLOW_WRITE, state->done, self->bytes, transfer.length) != E_OK)
		return E_RESERVE;
	error = state->command == AREA_WRITE ? storage_area_write(&self->area, &transfer)
					     : storage_area_read(&self->area, &transfer);
	if (error != E_OK)
		return error;
	self->busy = true;
	self->part = transfer.length;
	self->served = transfer.process;
	return E_OK;
}

static void area_driver_end(struct area_driver *self, struct grant_entry *entry, enum error status)
{
	struct area_grant *state = GRANT_STATE(entry, struct area_grant);
	enum area_command command = (enum area_command)state->command;

	state->command = AREA_NONE;
	self->ops->ended(entry, command, status, state->done);
}

enum error area_driver_begin(struct area_driver *self, struct process_id process,
			     const struct area_grant *wanted)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct area_grant *state = GRANT_STATE(entry, struct area_grant);

	if (state->command != AREA_NONE)
		return E_BUSY;
	*state = *wanted;
	state->done = 0;
	if (self->busy)
		return E_OK;

	enum error error = area_driver_begin_piece(self, entry, state);

	if (error != E_OK)
		area_driver_end(self, entry, error);
	return E_OK;
}

/* True: a piece of this process is under way now. */
static bool area_driver_serve(struct area_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct area_grant *state = GRANT_STATE(entry, struct area_grant);

	if (state->command == AREA_NONE)
		return false;

	enum error error = area_driver_begin_piece(self, entry, state);

	if (error != E_OK)
		area_driver_end(self, entry, error);
	return error == E_OK;
}

/* What a finished piece means for the process that it was for. */
static void area_driver_account(struct area_driver *self, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return;

	struct area_grant *state = GRANT_STATE(entry, struct area_grant);

	if (state->command == AREA_READ && status == E_OK &&
	    allow_rw_write(entry, ALLOW_READ, state->done, self->bytes, self->part) != E_OK)
		status = E_RESERVE; /* the buffer is gone, or shorter now */
	if (status == E_OK)
		state->done += self->part;
	if (status != E_OK || state->done == state->length)
		area_driver_end(self, entry, status);
}

static void area_transferred(struct storage_area_client *client, enum error status)
{
	struct area_driver *self = CONTAINER_OF(client, struct area_driver, client);

	self->busy = false;
	area_driver_account(self, status);
	for (size_t i = 0; i < sizeof(self->bytes); i++)
		self->bytes[i] = 0;

	struct grant_turn turn = grant_turn_after(&self->driver, self->served);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (area_driver_serve(self, turn.current))
			return;
}

static const struct storage_area_client_ops client_ops = {
	.transferred = area_transferred,
};

void area_driver_init(struct area_driver *self, const struct area_driver_config *config)
{
	const struct storage_area_config area = {
		.storage = config->storage,
		.client = &self->client,
		.space = config->space,
		.size = config->size,
	};

	*self = (struct area_driver){
		.driver = {.type = config->type},
		.client = {.ops = &client_ops},
		.ops = config->ops,
	};
	storage_area_init(&self->area, &area);
}
