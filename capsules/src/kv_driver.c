/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One operation at a time is with the storage core; the others wait in their
 * grants and have their turn. Key and value are copied when the turn comes, so
 * that what a process shares at that moment counts.
 */
#include "capsules/kv_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	KV_EXISTS = 0,
	KV_COMMAND_GET = 1,
	KV_COMMAND_SET = 2,
	KV_COMMAND_DELETE = 3,
	KV_COMMAND_ADD = 4,
	KV_COMMAND_UPDATE = 5,
	KV_COMMAND_COLLECT = 6,
};

enum { UPCALL_DONE = 0 };
enum { ALLOW_KEY = 0, ALLOW_VALUE = 1 }; /* read-only */
enum { ALLOW_RESULT = 0 };               /* read-write */

struct kv_grant {
	uint8_t command; /* that waits or is under way; 0: none */
};

static bool kv_writes(uint32_t command)
{
	return command == KV_COMMAND_SET || command == KV_COMMAND_ADD ||
	       command == KV_COMMAND_UPDATE;
}

static enum kv_mode kv_mode_of(uint32_t command)
{
	switch (command) {
	case KV_COMMAND_ADD:
		return KV_ADD;
	case KV_COMMAND_UPDATE:
		return KV_UPDATE;
	case KV_COMMAND_DELETE:
		return KV_REMOVE;
	default:
		return KV_SET;
	}
}

/* What can be said of a command before its turn. */
static enum error kv_check(const struct grant_entry *entry, uint32_t command)
{
	struct storage_rights rights;

	if (!process_storage_rights(grant_process(entry), &rights) ||
	    (kv_writes(command) && !rights.may_create))
		return E_INVAL;
	if (command == KV_COMMAND_COLLECT)
		return E_OK;
	if (allow_ro_length(entry, ALLOW_KEY) == 0)
		return E_RESERVE;
	if (allow_ro_length(entry, ALLOW_KEY) > KV_DRIVER_KEY_MAX ||
	    (kv_writes(command) && allow_ro_length(entry, ALLOW_VALUE) > KV_DRIVER_VALUE_MAX))
		return E_SIZE;
	return E_OK;
}

/* Copies what the command needs and hands it to the core. */
static enum error kv_submit(struct kv_driver *self, struct grant_entry *entry, uint32_t command)
{
	enum error error = kv_check(entry, command);
	size_t key_length = allow_ro_length(entry, ALLOW_KEY);
	size_t value_length = kv_writes(command) ? allow_ro_length(entry, ALLOW_VALUE) : 0;

	if (error != E_OK)
		return error;
	self->key[0] = STORAGE_KEY_VALUE;
	if (command != KV_COMMAND_COLLECT &&
	    (allow_ro_read(entry, ALLOW_KEY, 0, self->key + 1, key_length) != E_OK ||
	     allow_ro_read(entry, ALLOW_VALUE, 0, self->value, value_length) != E_OK))
		return E_FAIL;

	self->request.process = grant_process(entry);
	self->request.query = (struct kv_query){
		.key = self->key,
		.key_length = (uint32_t)key_length + 1,
		.buffer = self->value,
		.buffer_length = sizeof(self->value),
	};
	self->change = (struct kv_change){
		.key = self->key,
		.value = self->value,
		.value_length = (uint16_t)value_length,
		.key_length = (uint8_t)(key_length + 1),
		.mode = (uint8_t)kv_mode_of(command),
	};
	self->request.changes = &self->change;
	self->request.change_count = 1;
	self->request.operation = command == KV_COMMAND_GET       ? STORAGE_GET
				  : command == KV_COMMAND_COLLECT ? STORAGE_COLLECT
								  : STORAGE_COMMIT;
	error = storage_submit(self->storage, &self->request);
	self->busy = error == E_OK;
	if (self->busy)
		self->served = self->request.process;
	return error;
}

static syscall_result kv_begin(struct kv_driver *self, struct process_id process, uint32_t command)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct kv_grant *state = GRANT_STATE(entry, struct kv_grant);
	enum error error = kv_check(entry, command);

	if (state->command != 0)
		return syscall_failure(E_NOMEM);
	if (error == E_OK && !self->busy)
		error = kv_submit(self, entry, command);
	if (error == E_OK)
		state->command = (uint8_t)command;
	return syscall_from_error(error);
}

static syscall_result kv_command(struct driver *driver, struct process_id process, uint32_t number,
				 uint32_t argument[2])
{
	struct kv_driver *self = CONTAINER_OF(driver, struct kv_driver, driver);

	(void)argument;
	if (number == KV_EXISTS)
		return syscall_success();
	if (number <= KV_COMMAND_COLLECT)
		return kv_begin(self, process, number);
	return syscall_failure(E_NOSUPPORT);
}

static const struct driver_type kv_driver_type = {
	.command = kv_command,
	.grant = {.size = sizeof(struct kv_grant), .upcalls = 1, .allow_ro = 2, .allow_rw = 1},
};

/* The value goes to the process as far as it fits. */
static enum error kv_deliver(struct kv_driver *self, struct grant_entry *entry)
{
	size_t room = allow_rw_length(entry, ALLOW_RESULT);
	size_t part = self->request.count < room ? self->request.count : room;

	if (allow_rw_write(entry, ALLOW_RESULT, 0, self->value, part) != E_OK)
		return E_FAIL;
	return part < self->request.value_length ? E_SIZE : E_OK;
}

static void kv_tell(struct kv_driver *self, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return;

	struct kv_grant *state = GRANT_STATE(entry, struct kv_grant);
	uint32_t length = 0;

	if (state->command == KV_COMMAND_GET && status == E_OK) {
		length = self->request.value_length;
		status = kv_deliver(self, entry);
	}
	/* With nothing to collect, the store is as tidy as it can be. */
	if (state->command == KV_COMMAND_COLLECT && status == E_NOMEM)
		status = E_OK;
	state->command = 0;
	upcall_schedule(entry, UPCALL_DONE, (uint32_t)status, length, 0);
}

/* True: this process's command is under way now. */
static bool kv_serve(struct kv_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct kv_grant *state = GRANT_STATE(entry, struct kv_grant);

	if (state->command == 0)
		return false;

	enum error error = kv_submit(self, entry, state->command);

	if (error == E_OK)
		return true;
	state->command = 0;
	upcall_schedule(entry, UPCALL_DONE, (uint32_t)error, 0, 0);
	return false;
}

static void kv_finished(struct storage_request *request, enum error status)
{
	struct kv_driver *self = CONTAINER_OF(request, struct kv_driver, request);

	kv_tell(self, status);
	for (size_t i = 0; i < sizeof(self->value); i++)
		self->value[i] = 0;
	self->busy = false;

	struct grant_turn turn = grant_turn_after(&self->driver, self->served);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (kv_serve(self, turn.current))
			return;
}

static const struct storage_request_ops request_ops = {
	.finished = kv_finished,
};

void kv_driver_init(struct kv_driver *self, struct storage *storage)
{
	*self = (struct kv_driver){
		.driver = {.type = &kv_driver_type},
		.storage = storage,
		.request = {.ops = &request_ops},
	};
}
