/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/rng.h"

#include "operation.h"

/* docs/syscalls/40001_rng.md */
enum {
	COMMAND_GET = 1,
	EVENT_FILLED = 0, /* (error, length, -) */
};

static struct operation_pending pending;

static struct operation getting(void *buffer, size_t length)
{
	return (struct operation){
		.driver = DRIVER_RNG,
		.command = COMMAND_GET,
		.event = EVENT_FILLED,
		.arg = {(uint32_t)length, 0},
		.buffer = {buffer, length},
	};
}

/* A driver may give less than was asked for: ask again for the rest. */
enum error rng_fill(void *buffer, size_t length)
{
	uint8_t *next = buffer;

	while (length > 0) {
		const struct operation operation = getting(next, length);
		size_t got = 0;
		enum error error = operation_wait(&pending, &operation, &got);

		if (error != E_OK)
			return error;
		if (got == 0 || got > length)
			return E_FAIL;
		next += got;
		length -= got;
	}
	return E_OK;
}

enum error rng_fill_start(void *buffer, size_t length, rng_done *filled, void *context)
{
	const struct operation operation = getting(buffer, length);

	return operation_start(&pending, &operation, filled, context);
}
