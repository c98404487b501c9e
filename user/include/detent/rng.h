/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random bytes (driver 0x40001). One request may be under way at a time.
 */
#ifndef DETENT_RNG_H
#define DETENT_RNG_H

#include <stddef.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* Runs once for each accepted request: the first `length` bytes are random now. */
typedef void rng_done(enum error error, size_t length, void *context);

/*
 * Fills `buffer` and waits until that is done; no upcall runs meanwhile.
 * E_OK: every byte is random. E_BUSY: a request is under way.
 */
MUST_CHECK enum error rng_fill(void *buffer, size_t length);

/*
 * Starts to fill `buffer`, which belongs to the driver until `filled` has run.
 * E_BUSY: a request is under way.
 */
MUST_CHECK enum error rng_fill_start(void *buffer, size_t length, rng_done *filled, void *context);

#endif
