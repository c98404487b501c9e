/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/key_value.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "detent/syscall.h"

/* docs/syscalls/50003_key_value.md */
enum key_command {
	COMMAND_GET = 1,
	COMMAND_SET = 2,
	COMMAND_REMOVE = 3,
	COMMAND_ADD = 4,
	COMMAND_UPDATE = 5,
};

enum {
	EVENT_DONE = 0, /* (status, length, -) */
	ALLOW_KEY = 0,
	ALLOW_VALUE = 1,
	ALLOW_BUFFER = 0,
};

/* A call, and what it shares. */
struct request {
	enum key_command command;
	struct key key;
	struct allowed_const value;
	struct allowed buffer;
};

static bool under_way; /* a call that was started and has not ended */
static key_done *handler;

struct key key_of(const char *text)
{
	return (struct key){text, strlen(text)};
}

static void stop_sharing(void)
{
	allow_ro(DRIVER_KEY_VALUE, ALLOW_KEY, (struct allowed_const){NULL, 0}, NULL);
	allow_ro(DRIVER_KEY_VALUE, ALLOW_VALUE, (struct allowed_const){NULL, 0}, NULL);
	allow_rw(DRIVER_KEY_VALUE, ALLOW_BUFFER, (struct allowed){NULL, 0}, NULL);
}

/* The next call may be started when `done` runs. */
static void ended(uint32_t status, uint32_t length, uint32_t arg2, void *context)
{
	key_done *done = handler;

	(void)arg2;
	stop_sharing();
	under_way = false;
	if (done)
		done((enum error)status, length, context);
}

static enum error share(const struct request *request)
{
	const struct allowed_const key = {request->key.start, request->key.length};
	enum error error = allow_ro(DRIVER_KEY_VALUE, ALLOW_KEY, key, NULL);

	if (error == E_OK)
		error = allow_ro(DRIVER_KEY_VALUE, ALLOW_VALUE, request->value, NULL);
	if (error == E_OK)
		error = allow_rw(DRIVER_KEY_VALUE, ALLOW_BUFFER, request->buffer, NULL);
	return error;
}

static enum error begin(const struct request *request)
{
	enum error error = share(request);

	if (error == E_OK)
		error = command_done(DRIVER_KEY_VALUE, request->command, 0, 0);
	if (error != E_OK)
		stop_sharing();
	return error;
}

static enum error wait_for(const struct request *request, size_t *length)
{
	struct upcall_values values;
	enum error error;

	if (under_way)
		return E_BUSY;
	error = begin(request);
	if (error != E_OK)
		return error;
	values = yield_wait_for(DRIVER_KEY_VALUE, EVENT_DONE);
	stop_sharing();
	if (length)
		*length = values.arg[1];
	return (enum error)values.arg[0];
}

/* Subscribed first: the event must not come before there is somebody to tell. */
static enum error start(const struct request *request, key_done *done, void *context)
{
	enum error error;

	if (under_way)
		return E_BUSY;
	error = subscribe(DRIVER_KEY_VALUE, EVENT_DONE, (struct subscription){ended, context},
			  NULL);
	if (error == E_OK)
		error = begin(request);
	under_way = error == E_OK;
	if (error == E_OK)
		handler = done;
	return error;
}

static struct request getting(struct key key, void *buffer, size_t size)
{
	return (struct request){.command = COMMAND_GET, .key = key, .buffer = {buffer, size}};
}

static struct request storing(enum key_command command, struct key key, const void *value,
			      size_t length)
{
	return (struct request){.command = command, .key = key, .value = {value, length}};
}

enum error key_get(struct key key, void *buffer, size_t size, size_t *length)
{
	const struct request request = getting(key, buffer, size);

	return wait_for(&request, length);
}

enum error key_get_start(struct key key, void *buffer, size_t size, key_done *done, void *context)
{
	const struct request request = getting(key, buffer, size);

	return start(&request, done, context);
}

enum error key_set(struct key key, const void *value, size_t length)
{
	const struct request request = storing(COMMAND_SET, key, value, length);

	return wait_for(&request, NULL);
}

enum error key_set_start(struct key key, const void *value, size_t length, key_done *done,
			 void *context)
{
	const struct request request = storing(COMMAND_SET, key, value, length);

	return start(&request, done, context);
}

enum error key_add(struct key key, const void *value, size_t length)
{
	const struct request request = storing(COMMAND_ADD, key, value, length);

	return wait_for(&request, NULL);
}

enum error key_add_start(struct key key, const void *value, size_t length, key_done *done,
			 void *context)
{
	const struct request request = storing(COMMAND_ADD, key, value, length);

	return start(&request, done, context);
}

enum error key_update(struct key key, const void *value, size_t length)
{
	const struct request request = storing(COMMAND_UPDATE, key, value, length);

	return wait_for(&request, NULL);
}

enum error key_update_start(struct key key, const void *value, size_t length, key_done *done,
			    void *context)
{
	const struct request request = storing(COMMAND_UPDATE, key, value, length);

	return start(&request, done, context);
}

enum error key_remove(struct key key)
{
	const struct request request = storing(COMMAND_REMOVE, key, NULL, 0);

	return wait_for(&request, NULL);
}

enum error key_remove_start(struct key key, key_done *done, void *context)
{
	const struct request request = storing(COMMAND_REMOVE, key, NULL, 0);

	return start(&request, done, context);
}
