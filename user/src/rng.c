/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/rng.h"

#include <stdint.h>

#include "detent/syscall.h"

/* Tock's random number driver (capsules/core/src/rng.rs). */
enum {
	COMMAND_GET = 1,
	EVENT_FILLED = 0, /* (error, length, -) */
	ALLOW_BUFFER = 0,
};

static rng_done *handler;

static void stop_sharing(void)
{
	allow_rw(DRIVER_RNG, ALLOW_BUFFER, (struct allowed){NULL, 0}, NULL);
}

static void request_ended(uint32_t error, uint32_t length, uint32_t arg2, void *context)
{
	rng_done *ended = handler;

	(void)arg2;
	stop_sharing();
	handler = NULL;
	if (ended)
		ended((enum error)error, length, context);
}

static enum error share_and_get(void *buffer, size_t length)
{
	enum error error =
		allow_rw(DRIVER_RNG, ALLOW_BUFFER, (struct allowed){buffer, length}, NULL);

	if (error != E_OK)
		return error;
	error = command_done(DRIVER_RNG, COMMAND_GET, (uint32_t)length, 0);
	if (error != E_OK)
		stop_sharing();
	return error;
}

/* A driver may give less than was asked for: ask again for the rest. */
enum error rng_fill(void *buffer, size_t length)
{
	uint8_t *next = buffer;

	if (handler)
		return E_BUSY;
	while (length > 0) {
		struct upcall_values values;
		enum error error = share_and_get(next, length);

		if (error != E_OK)
			return error;
		values = yield_wait_for(DRIVER_RNG, EVENT_FILLED);
		stop_sharing();
		if (values.arg[0] != E_OK)
			return (enum error)values.arg[0];
		if (values.arg[1] == 0 || values.arg[1] > length)
			return E_FAIL;
		next += values.arg[1];
		length -= values.arg[1];
	}
	return E_OK;
}

enum error rng_fill_start(void *buffer, size_t length, rng_done *filled, void *context)
{
	enum error error;

	if (handler)
		return E_BUSY;
	error = subscribe(DRIVER_RNG, EVENT_FILLED, (struct subscription){request_ended, context},
			  NULL);
	if (error != E_OK)
		return error;
	error = share_and_get(buffer, length);
	if (error == E_OK)
		handler = filled;
	return error;
}
