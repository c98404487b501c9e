/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x40001: random bytes. Described in docs/syscalls/40001_rng.md. */
#ifndef CAPSULES_RNG_DRIVER_H
#define CAPSULES_RNG_DRIVER_H

#include "hil/entropy.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stdint.h>

enum { RNG_DRIVER_CHUNK = 32 }; /* bytes for one process before the next has its turn */

struct rng_driver {
	struct driver driver;
	struct entropy_client client;
	struct entropy *entropy;
	struct process_id served; /* who had the last turn, or has it now */
	uint8_t *slot;            /* NULL: bytes are on their way */
	uint8_t bytes[RNG_DRIVER_CHUNK];
};

/* Becomes the client of `entropy`. */
void rng_driver_init(struct rng_driver *self, struct entropy *entropy);

#endif
