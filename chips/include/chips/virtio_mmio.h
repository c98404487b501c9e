/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The memory-mapped transport of virtio devices, version 2 (not the legacy
 * interface). Source: Virtual I/O Device (VIRTIO) 1.2, sections 3.1 and 4.2.
 */
#ifndef CHIPS_VIRTIO_MMIO_H
#define CHIPS_VIRTIO_MMIO_H

#include "chips/virtqueue.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* VIRTIO 1.2, section 5 */
#define VIRTIO_ID_RNG 4u

struct virtio_mmio_registers;

struct virtio_mmio {
	struct virtio_mmio_registers *registers;
};

/*
 * The first of `count` slots, `stride` bytes apart, with a device of the kind
 * `id`; -1: there is none. A device that speaks the legacy interface is passed
 * over and logged.
 */
int virtio_mmio_find(uintptr_t base, uint32_t stride, uint32_t count, uint32_t id);

/*
 * Brings a device to work with its queue 0 and without optional features;
 * `queue` is the device's from then on. False: the device refused; it is reset
 * if it obeys, told that the driver gave up, and logged.
 */
bool virtio_mmio_start(struct virtio_mmio *device, uintptr_t base,
		       struct virtqueue *queue) MUST_CHECK;

/*
 * Stops the device: it lets go of queue and buffers. False: it does not
 * answer, so it may still write to them.
 */
bool virtio_mmio_reset(struct virtio_mmio *device) MUST_CHECK;

/* Tells the device that queue 0 has something new. */
void virtio_mmio_notify(struct virtio_mmio *device);

/* Silences the interrupt. False: the device asks to be reset. */
bool virtio_mmio_acknowledge(struct virtio_mmio *device) MUST_CHECK;

#endif
