/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/virtio_rng.h"

#include "kernel/log.h"
#include "lib/compiler.h"

static enum error gather(struct entropy *entropy, uint8_t **slot, size_t length)
{
	struct virtio_rng *rng = CONTAINER_OF(entropy, struct virtio_rng, entropy);

	if (!rng->working)
		return E_OFF;
	if (rng->buffer != NULL)
		return E_BUSY;
	if (length == 0 || length > UINT32_MAX)
		return E_SIZE;
	if (!virtqueue_offer(&rng->queue, *slot, (uint32_t)length))
		return E_BUSY;
	rng->buffer = *slot;
	*slot = NULL;
	virtio_mmio_notify(&rng->device);
	return E_OK;
}

static void request_end(struct virtio_rng *rng, uint32_t count)
{
	uint8_t *buffer = rng->buffer;

	rng->buffer = NULL;
	rng->entropy.client->ops->gathered(rng->entropy.client, buffer, count,
					   count != 0 ? E_OK : E_FAIL);
}

/*
 * A device that cannot even be stopped may still write to the buffer, so nobody
 * gets that back.
 */
static void device_stop(struct virtio_rng *rng)
{
	bool stopped = virtio_mmio_reset(&rng->device);

	rng->working = false;
	log_print("virtio: the entropy device failed and is off\r\n");
	if (stopped && rng->buffer != NULL)
		request_end(rng, 0);
}

void virtio_rng_interrupt(struct virtio_rng *rng)
{
	enum virtqueue_outcome outcome = VIRTQUEUE_BROKEN;
	uint32_t count = 0;

	if (!rng->working)
		return;
	if (virtio_mmio_acknowledge(&rng->device))
		outcome = virtqueue_take(&rng->queue, &count);
	if (outcome == VIRTQUEUE_BROKEN)
		device_stop(rng);
	if (outcome == VIRTQUEUE_TAKEN)
		request_end(rng, count);
}

static const struct entropy_ops ops = {
	.gather = gather,
};

void virtio_rng_init(struct virtio_rng *rng, uintptr_t base)
{
	rng->entropy.ops = &ops;
	rng->entropy.client = NULL;
	rng->buffer = NULL;
	rng->working = base != 0 && virtio_mmio_start(&rng->device, base, &rng->queue);
}
