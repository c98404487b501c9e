/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/virtqueue.h"

#include <stdatomic.h>
#include <stddef.h>

_Static_assert((VIRTQUEUE_SIZE & (VIRTQUEUE_SIZE - 1)) == 0, "the size is a power of two");
_Static_assert(sizeof(struct virtqueue_descriptor) == 16, "VIRTIO 2.7.5");
_Static_assert(offsetof(struct virtqueue_available, ring) == 4, "VIRTIO 2.7.6");
_Static_assert(offsetof(struct virtqueue_used, ring) == 4, "VIRTIO 2.7.8");
_Static_assert(sizeof(struct virtqueue_used_element) == 8, "VIRTIO 2.7.8");
_Static_assert(offsetof(struct virtqueue, descriptors) % 16 == 0, "VIRTIO 2.7");
_Static_assert(offsetof(struct virtqueue, available) % 2 == 0, "VIRTIO 2.7");
_Static_assert(offsetof(struct virtqueue, used) % 4 == 0, "VIRTIO 2.7");

enum {
	DESCRIPTOR_DEVICE_WRITES = 2,
};

/*
 * The rings are written before the index that announces them, and read after
 * it; a fence of the strongest kind also orders them with device registers.
 */
static void barrier(void)
{
	atomic_thread_fence(memory_order_seq_cst);
}

void virtqueue_init(struct virtqueue *queue)
{
	queue->available.flags = 0;
	queue->available.index = 0;
	queue->used.flags = 0;
	queue->used.index = 0;
	queue->used_seen = 0;
	for (uint32_t slot = 0; slot < VIRTQUEUE_SIZE; slot++)
		queue->lengths[slot] = 0;
}

bool virtqueue_offer(struct virtqueue *queue, void *buffer, uint32_t length)
{
	uint16_t index = queue->available.index;
	uint16_t slot = 0;

	while (queue->lengths[slot] != 0) {
		if (++slot == VIRTQUEUE_SIZE)
			return false;
	}
	queue->lengths[slot] = length;
	queue->descriptors[slot] = (struct virtqueue_descriptor){
		.address = (uintptr_t)buffer,
		.length = length,
		.flags = DESCRIPTOR_DEVICE_WRITES,
	};
	queue->available.ring[index % VIRTQUEUE_SIZE] = slot;
	barrier();
	queue->available.index = (uint16_t)(index + 1);
	barrier();
	return true;
}

enum virtqueue_outcome virtqueue_take(struct virtqueue *queue, uint32_t *length)
{
	volatile struct virtqueue_used_element *element =
		&queue->used.ring[queue->used_seen % VIRTQUEUE_SIZE];
	uint32_t id;
	uint32_t written;

	if (queue->used.index == queue->used_seen)
		return VIRTQUEUE_NOTHING;
	barrier();
	id = element->id;
	written = element->length;
	if (id >= VIRTQUEUE_SIZE || queue->lengths[id] == 0)
		return VIRTQUEUE_BROKEN;
	*length = written < queue->lengths[id] ? written : queue->lengths[id];
	queue->lengths[id] = 0;
	queue->used_seen++;
	return VIRTQUEUE_TAKEN;
}
