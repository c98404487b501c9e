/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "operation.h"

static void stop_sharing(const struct operation *operation)
{
	if (operation->buffer.length > 0)
		allow_rw(operation->driver, 0, (struct allowed){NULL, 0}, NULL);
	if (operation->bytes.length > 0)
		allow_ro(operation->driver, 0, (struct allowed_const){NULL, 0}, NULL);
}

static enum error share(const struct operation *operation)
{
	enum error error = E_OK;

	if (operation->buffer.length > 0)
		error = allow_rw(operation->driver, 0, operation->buffer, NULL);
	if (error == E_OK && operation->bytes.length > 0)
		error = allow_ro(operation->driver, 0, operation->bytes, NULL);
	return error;
}

static enum error begin(const struct operation *operation)
{
	enum error error = share(operation);

	if (error == E_OK)
		error = command_done(operation->driver, operation->command, operation->arg[0],
				     operation->arg[1]);
	if (error != E_OK)
		stop_sharing(operation);
	return error;
}

enum error operation_wait(const struct operation_pending *pending,
			  const struct operation *operation, size_t *length)
{
	struct upcall_values values;
	enum error error;

	if (pending->under_way)
		return E_BUSY;
	error = begin(operation);
	if (error != E_OK)
		return error;
	values = yield_wait_for(operation->driver, operation->event);
	stop_sharing(operation);
	if (length)
		*length = values.arg[operation->without_status ? 0 : 1];
	return operation->without_status ? E_OK : (enum error)values.arg[0];
}

/* The next operation may be started when `done` runs. */
static void ended(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	struct operation_pending *pending = context;
	struct operation_pending now = *pending;
	bool plain = now.operation.without_status;

	(void)arg2;
	pending->under_way = false;
	stop_sharing(&now.operation);
	if (now.done)
		now.done(plain ? E_OK : (enum error)arg0, plain ? arg0 : arg1, now.context);
}

enum error operation_start(struct operation_pending *pending, const struct operation *operation,
			   operation_done *done, void *context)
{
	enum error error;

	if (pending->under_way)
		return E_BUSY;
	error = subscribe(operation->driver, operation->event,
			  (struct subscription){ended, pending}, NULL);
	if (error == E_OK)
		error = begin(operation);
	if (error == E_OK)
		*pending = (struct operation_pending){true, *operation, done, context};
	return error;
}
