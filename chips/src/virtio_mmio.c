/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/virtio_mmio.h"

#include "chips/mmio.h"
#include "kernel/log.h"

/* VIRTIO 1.2, section 4.2.2 */
struct virtio_mmio_registers {
	struct ro32 magic;
	struct ro32 version;
	struct ro32 device_id;
	struct ro32 vendor_id;
	struct ro32 device_features;
	struct wo32 device_features_select;
	uint32_t reserved_18[2];
	struct wo32 driver_features;
	struct wo32 driver_features_select;
	uint32_t reserved_28[2];
	struct wo32 queue_select;
	struct ro32 queue_size_max;
	struct wo32 queue_size;
	uint32_t reserved_3c[2];
	struct rw32 queue_ready;
	uint32_t reserved_48[2];
	struct wo32 queue_notify;
	uint32_t reserved_54[3];
	struct ro32 interrupt_status;
	struct wo32 interrupt_acknowledge;
	uint32_t reserved_68[2];
	struct rw32 status;
	uint32_t reserved_74[3];
	struct wo32 queue_descriptors[2]; /* low word, high word */
	uint32_t reserved_88[2];
	struct wo32 queue_available[2];
	uint32_t reserved_98[2];
	struct wo32 queue_used[2];
};

REGISTER_AT(struct virtio_mmio_registers, device_features, 0x010);
REGISTER_AT(struct virtio_mmio_registers, driver_features, 0x020);
REGISTER_AT(struct virtio_mmio_registers, queue_select, 0x030);
REGISTER_AT(struct virtio_mmio_registers, queue_ready, 0x044);
REGISTER_AT(struct virtio_mmio_registers, queue_notify, 0x050);
REGISTER_AT(struct virtio_mmio_registers, interrupt_status, 0x060);
REGISTER_AT(struct virtio_mmio_registers, status, 0x070);
REGISTER_AT(struct virtio_mmio_registers, queue_descriptors, 0x080);
REGISTER_AT(struct virtio_mmio_registers, queue_available, 0x090);
REGISTER_AT(struct virtio_mmio_registers, queue_used, 0x0a0);

enum {
	MAGIC = 0x74726976, /* "virt" */
	VERSION = 2,

	STATUS_ACKNOWLEDGE = 1,
	STATUS_DRIVER = 2,
	STATUS_DRIVER_OK = 4,
	STATUS_FEATURES_OK = 8,
	STATUS_NEEDS_RESET = 64,
	STATUS_FAILED = 128,

	FEATURES_HIGH = 1,     /* selects bits 32 to 63 */
	FEATURE_VERSION_1 = 1, /* bit 32 */

	RESET_POLLS = 1000,
};

static struct virtio_mmio_registers *registers_at(uintptr_t base)
{
	return (struct virtio_mmio_registers *)base;
}

int virtio_mmio_find(uintptr_t base, uint32_t stride, uint32_t count, uint32_t id)
{
	for (uint32_t slot = 0; slot < count; slot++) {
		const struct virtio_mmio_registers *registers = registers_at(base + slot * stride);

		if (registers->magic.read != MAGIC || registers->device_id.read != id)
			continue;
		if (registers->version.read == VERSION)
			return (int)slot;
		log_print("virtio slot %u: legacy device not used; start QEMU with "
			  "-global virtio-mmio.force-legacy=false\r\n",
			  slot);
	}
	return -1;
}

bool virtio_mmio_reset(struct virtio_mmio *device)
{
	device->registers->status.rw = 0;
	for (uint32_t polls = 0; polls < RESET_POLLS; polls++) {
		if (device->registers->status.rw == 0)
			return true;
	}
	return false;
}

static bool features_negotiate(struct virtio_mmio_registers *registers)
{
	registers->device_features_select.write = FEATURES_HIGH;
	if ((registers->device_features.read & FEATURE_VERSION_1) == 0)
		return false;
	registers->driver_features_select.write = 0;
	registers->driver_features.write = 0;
	registers->driver_features_select.write = FEATURES_HIGH;
	registers->driver_features.write = FEATURE_VERSION_1;
	registers->status.rw = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK;
	return (registers->status.rw & STATUS_FEATURES_OK) != 0;
}

static void address_write(struct wo32 words[2], const volatile void *pointer)
{
	uint64_t address = (uintptr_t)pointer;

	words[0].write = (uint32_t)address;
	words[1].write = (uint32_t)(address >> 32);
}

static bool queue_register(struct virtio_mmio_registers *registers, struct virtqueue *queue)
{
	registers->queue_select.write = 0;
	if (registers->queue_ready.rw != 0 || registers->queue_size_max.read < VIRTQUEUE_SIZE)
		return false;
	virtqueue_init(queue);
	registers->queue_size.write = VIRTQUEUE_SIZE;
	address_write(registers->queue_descriptors, queue->descriptors);
	address_write(registers->queue_available, &queue->available);
	address_write(registers->queue_used, &queue->used);
	registers->queue_ready.rw = 1;
	return true;
}

bool virtio_mmio_start(struct virtio_mmio *device, uintptr_t base, struct virtqueue *queue)
{
	struct virtio_mmio_registers *registers = registers_at(base);

	device->registers = registers;
	if (virtio_mmio_reset(device)) {
		registers->status.rw = STATUS_ACKNOWLEDGE;
		registers->status.rw = STATUS_ACKNOWLEDGE | STATUS_DRIVER;
		if (features_negotiate(registers) && queue_register(registers, queue)) {
			registers->status.rw = STATUS_ACKNOWLEDGE | STATUS_DRIVER |
					       STATUS_FEATURES_OK | STATUS_DRIVER_OK;
			return true;
		}
	}
	registers->status.rw = STATUS_FAILED;
	log_print("virtio: the device does not start\r\n");
	return false;
}

void virtio_mmio_notify(struct virtio_mmio *device)
{
	device->registers->queue_notify.write = 0;
}

bool virtio_mmio_acknowledge(struct virtio_mmio *device)
{
	struct virtio_mmio_registers *registers = device->registers;

	registers->interrupt_acknowledge.write = registers->interrupt_status.read;
	return (registers->status.rw & STATUS_NEEDS_RESET) == 0;
}
