/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/key_value.h"

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

static void ended(uint32_t status, uint32_t length, uint32_t arg2, void *context)
{
	key_done *done = handler;

	(void)arg2;
	stop_sharing();
	handler = NULL;
	if (done)
		done((enum error)status, length, context);
}

static enum error share(struct key key, struct allowed_const value, struct allowed buffer)
{
	enum error error = allow_ro(DRIVER_KEY_VALUE, ALLOW_KEY,
				    (struct allowed_const){key.start, key.length}, NULL);

	if (error == E_OK)
		error = allow_ro(DRIVER_KEY_VALUE, ALLOW_VALUE, value, NULL);
	if (error == E_OK)
		error = allow_rw(DRIVER_KEY_VALUE, ALLOW_BUFFER, buffer, NULL);
	return error;
}

static enum error start(enum key_command number, struct key key, struct allowed_const value,
			struct allowed buffer)
{
	enum error error;

	if (handler)
		return E_BUSY;
	error = share(key, value, buffer);
	if (error == E_OK)
		error = command_done(DRIVER_KEY_VALUE, number, 0, 0);
	if (error != E_OK)
		stop_sharing();
	return error;
}

static enum error start_and_wait(enum key_command number, struct key key,
				 struct allowed_const value, struct allowed buffer, size_t *length)
{
	enum error error = start(number, key, value, buffer);
	struct upcall_values values;

	if (error != E_OK)
		return error;
	values = yield_wait_for(DRIVER_KEY_VALUE, EVENT_DONE);
	stop_sharing();
	if (length)
		*length = values.arg[1];
	return (enum error)values.arg[0];
}

enum error key_get(struct key key, void *buffer, size_t size, size_t *length)
{
	return start_and_wait(COMMAND_GET, key, (struct allowed_const){NULL, 0},
			      (struct allowed){buffer, size}, length);
}

static enum error store(enum key_command number, struct key key, const void *value, size_t length)
{
	return start_and_wait(number, key, (struct allowed_const){value, length},
			      (struct allowed){NULL, 0}, NULL);
}

enum error key_set(struct key key, const void *value, size_t length)
{
	return store(COMMAND_SET, key, value, length);
}

enum error key_add(struct key key, const void *value, size_t length)
{
	return store(COMMAND_ADD, key, value, length);
}

enum error key_update(struct key key, const void *value, size_t length)
{
	return store(COMMAND_UPDATE, key, value, length);
}

enum error key_remove(struct key key)
{
	return store(COMMAND_REMOVE, key, NULL, 0);
}

/* Subscribed first: the event must not come before there is somebody to tell. */
static enum error start_for(void *context)
{
	if (handler)
		return E_BUSY;
	return subscribe(DRIVER_KEY_VALUE, EVENT_DONE, (struct subscription){ended, context}, NULL);
}

enum error key_get_start(struct key key, void *buffer, size_t size, key_done *done, void *context)
{
	enum error error = start_for(context);

	if (error == E_OK)
		error = start(COMMAND_GET, key, (struct allowed_const){NULL, 0},
			      (struct allowed){buffer, size});
	if (error == E_OK)
		handler = done;
	return error;
}

enum error key_set_start(struct key key, const void *value, size_t length, key_done *done,
			 void *context)
{
	enum error error = start_for(context);

	if (error == E_OK)
		error = start(COMMAND_SET, key, (struct allowed_const){value, length},
			      (struct allowed){NULL, 0});
	if (error == E_OK)
		handler = done;
	return error;
}
