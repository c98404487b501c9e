/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A hash over data that comes in pieces: by hardware or by a program. One at a
 * time. Every call that answers E_OK ends with exactly one done(), not from inside
 * of the call; until then what its arguments point to must stay as it is.
 */
#ifndef HIL_DIGEST_H
#define HIL_DIGEST_H

#include "abi/error.h"
#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

enum digest_algorithm { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 }; /* FIPS 180-4 */

enum {
	DIGEST_MAX = 64,    /* bytes of the longest result */
	DIGEST_PIECE = 512, /* bytes that add() takes at most */
};

struct digest;

struct digest_client {
	const struct digest_client_ops *ops;
};

struct digest_client_ops {
	/* E_NOMEM: no room for it now. E_FAIL: it broke off; only start() helps. */
	void (*done)(struct digest_client *client, enum error status);
};

struct digest_ops {
	/* Begins anew, whatever was before. E_BUSY: a call is under way. */
	enum error (*start)(struct digest *digest, enum digest_algorithm algorithm);
	/* E_BUSY, as above. E_SIZE: more than DIGEST_PIECE bytes, or none. */
	enum error (*add)(struct digest *digest, const uint8_t *data, size_t length);
	/* Stores the result, as many bytes as the algorithm has, before done(E_OK). */
	enum error (*finish)(struct digest *digest, uint8_t result[DIGEST_MAX]);
};

struct digest {
	const struct digest_ops *ops;
	struct digest_client *client;
};

static inline size_t digest_size(enum digest_algorithm algorithm)
{
	if (algorithm == DIGEST_SHA256)
		return 32;
	return algorithm == DIGEST_SHA384 ? 48 : 64;
}

#endif
