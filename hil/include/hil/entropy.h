/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A source of random bytes that are good enough for keys. Buffers as in uart.h.
 */
#ifndef HIL_ENTROPY_H
#define HIL_ENTROPY_H

#include "abi/error.h"

#include <stddef.h>
#include <stdint.h>

struct entropy;

struct entropy_client {
	const struct entropy_client_ops *ops;
};

struct entropy_client_ops {
	/* `count` bytes at the start of `buffer` are random; E_OK, or E_FAIL. */
	void (*gathered)(struct entropy_client *client, uint8_t *buffer, size_t count,
			 enum error status);
};

struct entropy_ops {
	/* E_BUSY: one request is under way. E_SIZE: length is 0. E_OFF: no device. */
	enum error (*gather)(struct entropy *entropy, uint8_t **slot, size_t length);
};

struct entropy {
	const struct entropy_ops *ops;
	struct entropy_client *client;
};

#endif
