/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KERNEL_GRANT_SHAPE_H
#define KERNEL_GRANT_SHAPE_H

#include <stdint.h>

/* What each process that uses the driver gets, out of its own memory. */
struct grant_shape {
	uint16_t size;    /* bytes of the capsule's own state, zeroed at first */
	uint8_t upcalls;  /* subscribe numbers 0 .. upcalls - 1 */
	uint8_t queue;    /* upcalls kept beyond one pending a subscribe number */
	uint8_t allow_ro; /* read-only allow numbers */
	uint8_t allow_rw; /* read-write allow numbers */
	uint8_t allow_ur; /* userspace-readable allow numbers */
};

#endif
