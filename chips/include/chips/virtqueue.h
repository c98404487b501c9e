/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A split virtqueue whose requests are one buffer each. Source: Virtual I/O
 * Device (VIRTIO) 1.2, section 2.7.
 *
 * What the device writes is an allegation: it is checked against what the
 * driver itself remembers, outside the rings.
 */
#ifndef CHIPS_VIRTQUEUE_H
#define CHIPS_VIRTQUEUE_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* Requests under way at a time; a power of two. */
#define VIRTQUEUE_SIZE 2u

struct virtqueue_descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags;
	uint16_t next;
};

struct virtqueue_available {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[VIRTQUEUE_SIZE];
};

struct virtqueue_used_element {
	uint32_t id;
	uint32_t length;
};

struct virtqueue_used {
	uint16_t flags;
	uint16_t index;
	struct virtqueue_used_element ring[VIRTQUEUE_SIZE];
};

/* Shared with the device from virtio_mmio_queue() until the device is reset. */
struct virtqueue {
	_Alignas(16) struct virtqueue_descriptor descriptors[VIRTQUEUE_SIZE];
	_Alignas(2) volatile struct virtqueue_available available;
	_Alignas(4) volatile struct virtqueue_used used;
	/* Not shared: */
	uint32_t lengths[VIRTQUEUE_SIZE]; /* of the requests under way, 0: the slot is free */
	uint16_t used_seen;               /* used elements taken so far, modulo 2^16 */
};

/* Empties the queue. The device must not know it. */
void virtqueue_init(struct virtqueue *queue);

/*
 * Gives the device a buffer to write into; it is the device's until
 * virtqueue_take() returns it or the device is reset. The caller notifies the
 * device. False: the queue is full. length >= 1.
 */
bool virtqueue_offer(struct virtqueue *queue, void *buffer, uint32_t length) MUST_CHECK;

enum virtqueue_outcome {
	VIRTQUEUE_NOTHING, /* the device has finished nothing more */
	VIRTQUEUE_TAKEN,   /* a request is finished */
	VIRTQUEUE_BROKEN,  /* the device breaks the rules: reset it */
};

/* *length: bytes that the device says it wrote, at most those offered. */
enum virtqueue_outcome virtqueue_take(struct virtqueue *queue, uint32_t *length) MUST_CHECK;

#endif
