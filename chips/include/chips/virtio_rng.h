/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random bytes from a virtio entropy device. Source: Virtual I/O Device
 * (VIRTIO) 1.2, section 5.4. The device may deliver fewer bytes than asked. A
 * device that breaks the protocol is stopped for good, and its request ends
 * with E_FAIL; if it does not stop either, the buffer stays with it.
 */
#ifndef CHIPS_VIRTIO_RNG_H
#define CHIPS_VIRTIO_RNG_H

#include "chips/virtio_mmio.h"
#include "hil/entropy.h"

struct virtio_rng {
	struct entropy entropy;
	struct virtio_mmio device;
	uint8_t *buffer; /* NULL: no request is under way */
	bool working;    /* false: gather() returns E_OFF */
	struct virtqueue queue;
};

/*
 * `base`: the slot of the device, 0 where there is none. The board sets
 * rng->entropy.client before the first request.
 */
void virtio_rng_init(struct virtio_rng *rng, uintptr_t base);

/* The device's interrupt, from the main loop. Calls the client. */
void virtio_rng_interrupt(struct virtio_rng *rng);

#endif
