/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The virtio transport, queue and entropy driver against a device model that
 * plays by the rules and one that breaks each of them.
 *
 * LINK: chips/src/virtqueue.c chips/src/virtio_mmio.c chips/src/virtio_rng.c
 */
#include "chip_check.h"
#include "chips/virtio_mmio.h"
#include "chips/virtio_rng.h"
#include "kernel/log.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAGIC = 0x00,
	VERSION = 0x04,
	DEVICE_ID = 0x08,
	DEVICE_FEATURES = 0x10,
	DRIVER_FEATURES = 0x20,
	DRIVER_FEATURES_SELECT = 0x24,
	QUEUE_SIZE_MAX = 0x34,
	QUEUE_SIZE = 0x38,
	QUEUE_READY = 0x44,
	NOTIFY = 0x50,
	INTERRUPT_STATUS = 0x60,
	INTERRUPT_ACKNOWLEDGE = 0x64,
	STATUS = 0x70,
	DESCRIPTORS = 0x80,
	AVAILABLE = 0x90,
	USED = 0xa0,

	SLOT_SIZE = 0x1000,
	SLOTS = 8,
};

static uint64_t window[SLOTS * SLOT_SIZE / 8];
static struct virtio_rng rng;
static struct entropy *entropy = &rng.entropy;
static unsigned log_lines;

static struct {
	unsigned calls;
	uint8_t *buffer;
	size_t count;
	enum error status;
	bool again;
} got;

static struct {
	uint8_t guard_low[16];
	uint8_t bytes[32];
	uint8_t guard_high[16];
} memory;

void log_print(const char *format, ...)
{
	CHECK(strstr(format, "\r\n") != NULL);
	log_lines++;
}

static void gathered(struct entropy_client *client, uint8_t *buffer, size_t count,
		     enum error status)
{
	(void)client;
	got.calls++;
	got.buffer = buffer;
	got.count = count;
	got.status = status;
	if (got.again)
		CHECK(entropy->ops->gather(entropy, &buffer, 32) == E_OK);
}

static const struct entropy_client_ops client_ops = {.gathered = gathered};
static struct entropy_client client = {.ops = &client_ops};

static void *slot_at(unsigned slot)
{
	return (char *)window + slot * SLOT_SIZE;
}

static void *slot_make(unsigned slot, uint32_t version, uint32_t id)
{
	void *device = slot_at(slot);

	memset(device, 0, SLOT_SIZE);
	word_set(device, MAGIC, 0x74726976);
	word_set(device, VERSION, version);
	word_set(device, DEVICE_ID, id);
	word_set(device, DEVICE_FEATURES, 1);
	word_set(device, QUEUE_SIZE_MAX, 8);
	word_set(device, NOTIFY, 0xffff);
	return device;
}

/* ---- the device's side of the queue ---- */

static volatile struct virtqueue_used *used_ring(const void *device)
{
	return (volatile struct virtqueue_used *)(uintptr_t)pair_get(device, USED);
}

static void used_put(const void *device, uint32_t id, uint32_t length)
{
	volatile struct virtqueue_used *used = used_ring(device);

	used->ring[used->index % VIRTQUEUE_SIZE].id = id;
	used->ring[used->index % VIRTQUEUE_SIZE].length = length;
	used->index++;
}

/* Takes the newest request as a device would, fills it, and answers. */
static void serve(void *device, uint32_t claim)
{
	const volatile struct virtqueue_available *available =
		(const volatile struct virtqueue_available *)(uintptr_t)pair_get(device, AVAILABLE);
	const struct virtqueue_descriptor *table =
		(const struct virtqueue_descriptor *)(uintptr_t)pair_get(device, DESCRIPTORS);
	uint16_t id = available->ring[(uint16_t)(available->index - 1) % VIRTQUEUE_SIZE];

	CHECK(word_get(device, NOTIFY) == 0);
	CHECK(id < VIRTQUEUE_SIZE && table[id].flags == 2);
	CHECK(table[id].address == (uintptr_t)memory.bytes);
	memset((void *)(uintptr_t)table[id].address, 0xa5, table[id].length);
	word_set(device, NOTIFY, 0xffff);
	word_set(device, INTERRUPT_STATUS, 1);
	used_put(device, id, claim);
}

static void *rng_make(void)
{
	void *device = slot_make(7, 2, VIRTIO_ID_RNG);

	memset(&got, 0, sizeof(got));
	memset(&memory, 0, sizeof(memory));
	log_lines = 0;
	virtio_rng_init(&rng, (uintptr_t)device);
	rng.entropy.client = &client;
	return device;
}

static enum error gather(size_t length)
{
	uint8_t *slot = memory.bytes;
	enum error error = entropy->ops->gather(entropy, &slot, length);

	CHECK((slot == NULL) == (error == E_OK));
	return error;
}

/* ---- tests ---- */

static int find(void)
{
	return virtio_mmio_find((uintptr_t)window, SLOT_SIZE, SLOTS, VIRTIO_ID_RNG);
}

static void test_find(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		slot_make(slot, 2, 0);
	log_lines = 0;
	CHECK(find() == -1 && log_lines == 0);
	slot_make(3, 1, VIRTIO_ID_RNG);
	CHECK(find() == -1 && log_lines == 1);
	slot_make(5, 2, VIRTIO_ID_RNG);
	slot_make(2, 2, 1);
	CHECK(find() == 5);
	word_set(slot_at(5), MAGIC, 0x12345678);
	CHECK(find() == -1);
	slot_make(0, 2, VIRTIO_ID_RNG);
	CHECK(find() == 0);
}

static void test_start(void)
{
	void *device = rng_make();

	CHECK(log_lines == 0);
	CHECK(word_get(device, STATUS) == 15);
	CHECK(word_get(device, DRIVER_FEATURES_SELECT) == 1);
	CHECK(word_get(device, DRIVER_FEATURES) == 1);
	CHECK(word_get(device, QUEUE_SIZE) == VIRTQUEUE_SIZE);
	CHECK(word_get(device, QUEUE_READY) == 1);
	CHECK(pair_get(device, DESCRIPTORS) % 16 == 0);
	CHECK(pair_get(device, AVAILABLE) % 2 == 0);
	CHECK(pair_get(device, USED) % 4 == 0);
}

static void test_start_refused(uint32_t offset, uint32_t value)
{
	void *device = slot_make(1, 2, VIRTIO_ID_RNG);

	log_lines = 0;
	word_set(device, offset, value);
	virtio_rng_init(&rng, (uintptr_t)device);
	CHECK(word_get(device, STATUS) == 128);
	CHECK(log_lines == 1);
	CHECK(gather(8) == E_OFF);
	virtio_rng_interrupt(&rng); /* nothing to do, nothing to break */
}

static void test_absent(void)
{
	memset(&rng, 0, sizeof(rng));
	virtio_rng_init(&rng, 0);
	CHECK(gather(8) == E_OFF);
	virtio_rng_interrupt(&rng);
}

static void test_gather(void)
{
	void *device = rng_make();

	CHECK(gather(0) == E_SIZE);
	CHECK(gather((size_t)UINT32_MAX + 1) == E_SIZE);
	CHECK(gather(32) == E_OK);
	CHECK(gather(32) == E_BUSY);
	virtio_rng_interrupt(&rng); /* early */
	CHECK(got.calls == 0);
	serve(device, 32);
	virtio_rng_interrupt(&rng);
	CHECK(word_get(device, INTERRUPT_ACKNOWLEDGE) == 1);
	CHECK(got.calls == 1 && got.buffer == memory.bytes);
	CHECK(got.count == 32 && got.status == E_OK && memory.bytes[31] == 0xa5);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == 1);
	/* Fewer than asked. */
	CHECK(gather(32) == E_OK);
	serve(device, 7);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == 2 && got.count == 7 && got.status == E_OK);
	/* None at all. */
	CHECK(gather(32) == E_OK);
	serve(device, 0);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == 3 && got.count == 0 && got.status == E_FAIL);
	CHECK(gather(1) == E_OK);
}

/* The 16-bit indices go round, with the next request made in the callback. */
static void test_many(void)
{
	void *device = rng_make();

	CHECK(gather(32) == E_OK);
	got.again = true;
	for (unsigned turn = 1; turn <= 140000; turn++) {
		serve(device, 1 + turn % 32);
		virtio_rng_interrupt(&rng);
		if (got.calls != turn || got.count != 1 + turn % 32)
			break;
	}
	CHECK(got.calls == 140000);
}

static void test_long_answer(void)
{
	void *device = rng_make();

	CHECK(gather(16) == E_OK);
	serve(device, UINT32_MAX);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == 1 && got.count == 16 && got.status == E_OK);
	CHECK(memory.bytes[16] == 0);
}

/* After an answer that breaks the rules: device reset, request failed, driver off. */
static void check_stopped(void *device, unsigned failed)
{
	unsigned calls = got.calls + failed;

	virtio_rng_interrupt(&rng);
	CHECK(word_get(device, STATUS) == 0);
	CHECK(log_lines == 1);
	CHECK(got.calls == calls);
	CHECK(failed == 0 || (got.status == E_FAIL && got.count == 0));
	CHECK(failed == 0 || got.buffer == memory.bytes);
	CHECK(gather(8) == E_OFF);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == calls);
}

static void test_bad_id(uint32_t id)
{
	void *device = rng_make();

	CHECK(gather(16) == E_OK);
	used_put(device, id, 16);
	check_stopped(device, 1);
}

static void test_unasked_answer(void)
{
	void *device = rng_make();

	used_put(device, 0, 16);
	check_stopped(device, 0);
}

static void test_same_answer_twice(void)
{
	void *device = rng_make();

	CHECK(gather(16) == E_OK);
	serve(device, 16);
	virtio_rng_interrupt(&rng);
	CHECK(got.calls == 1 && got.status == E_OK);
	used_put(device, 0, 16);
	check_stopped(device, 0);
}

static void test_index_jump(void)
{
	void *device = rng_make();

	CHECK(gather(16) == E_OK);
	used_put(device, 1, 16); /* not the one asked for, and 9 more */
	used_ring(device)->index = (uint16_t)(used_ring(device)->index + 9);
	check_stopped(device, 1);
}

static void test_needs_reset(void)
{
	void *device = rng_make();

	CHECK(gather(16) == E_OK);
	word_set(device, STATUS, word_get(device, STATUS) | 64);
	word_set(device, INTERRUPT_STATUS, 2);
	check_stopped(device, 1);
}

/* Any rubbish in the device's part of the queue ends every request at most once. */
static void test_rubbish(void)
{
	static const uint8_t zero[16];

	srand(2);
	for (int round = 0; round < 20000; round++) {
		void *device = rng_make();
		volatile uint8_t *used = (volatile uint8_t *)used_ring(device);

		CHECK(gather(32) == E_OK);
		for (unsigned i = 0; i < sizeof(struct virtqueue_used); i++)
			used[i] = (uint8_t)(rand() % 4 == 0 ? rand() : rand() % 2);
		virtio_rng_interrupt(&rng);
		virtio_rng_interrupt(&rng);
		CHECK(got.calls <= 1 && got.count <= 32);
		CHECK(memcmp(memory.guard_low, zero, 16) == 0);
		CHECK(memcmp(memory.guard_high, zero, 16) == 0);
	}
}

/* More than one request under way, as other drivers will have. */
static void test_queue(void)
{
	static struct virtqueue queue;
	uint8_t buffer[4];
	uint32_t length = 0;

	virtqueue_init(&queue);
	CHECK(virtqueue_take(&queue, &length) == VIRTQUEUE_NOTHING);
	for (unsigned i = 0; i < VIRTQUEUE_SIZE; i++)
		CHECK(virtqueue_offer(&queue, buffer, 4));
	CHECK(!virtqueue_offer(&queue, buffer, 4));
	queue.used.ring[0].id = VIRTQUEUE_SIZE - 1; /* in another order */
	queue.used.ring[0].length = 3;
	queue.used.index = 1;
	CHECK(virtqueue_take(&queue, &length) == VIRTQUEUE_TAKEN && length == 3);
	CHECK(virtqueue_take(&queue, &length) == VIRTQUEUE_NOTHING);
	CHECK(virtqueue_offer(&queue, buffer, 4));
	CHECK(queue.available.index == VIRTQUEUE_SIZE + 1);
	CHECK(queue.available.ring[0] == VIRTQUEUE_SIZE - 1);
	CHECK(!virtqueue_offer(&queue, buffer, 4));
}

int main(void)
{
	test_find();
	test_start();
	test_start_refused(DEVICE_FEATURES, 0xfffffffe);
	test_start_refused(QUEUE_SIZE_MAX, 0);
	test_start_refused(QUEUE_SIZE_MAX, VIRTQUEUE_SIZE - 1);
	test_start_refused(QUEUE_READY, 1);
	test_absent();
	test_gather();
	test_many();
	test_long_answer();
	test_bad_id(VIRTQUEUE_SIZE);
	test_bad_id(1);
	test_bad_id(UINT32_MAX);
	test_unasked_answer();
	test_same_answer_twice();
	test_index_jump();
	test_needs_reset();
	test_rubbish();
	test_queue();
	return chip_result("chip_virtio");
}
