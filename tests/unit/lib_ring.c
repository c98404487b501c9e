/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ring against a plain array that is shifted, for every small capacity.
 *
 * LINK: lib/ring.c
 */
#include "lib/ring.h"
#include "test.h"

#include <string.h>

enum { MODEL_SIZE = 16 };

struct model {
	uint8_t bytes[MODEL_SIZE];
	size_t count;
};

static void model_take(struct model *model, size_t count)
{
	model->count -= count;
	memmove(model->bytes, model->bytes + count, model->count);
}

static void step(struct ring *ring, struct model *model, uint32_t random)
{
	uint8_t bytes[8] = {0};
	uint8_t byte = (uint8_t)(random >> 8);
	size_t length = random >> 16 & 7;
	size_t expected;

	switch (random % 4) {
	case 0:
		expected = model->count < ring->capacity;
		TEST_EQUAL(ring_push(ring, byte), expected);
		if (expected)
			model->bytes[model->count++] = byte;
		break;
	case 1:
		expected = model->count > 0;
		TEST_EQUAL(ring_pop(ring, &byte), expected);
		if (expected) {
			TEST_EQUAL(byte, model->bytes[0]);
			model_take(model, 1);
		}
		break;
	case 2:
		memcpy(bytes, &random, sizeof(random));
		expected = ring->capacity - model->count < length ? ring->capacity - model->count
								  : length;
		TEST_EQUAL(ring_write(ring, bytes, length), expected);
		memcpy(model->bytes + model->count, bytes, expected);
		model->count += expected;
		break;
	default:
		expected = model->count < length ? model->count : length;
		TEST_EQUAL(ring_read(ring, bytes, length), expected);
		TEST_CHECK(memcmp(bytes, model->bytes, expected) == 0);
		model_take(model, expected);
	}
	TEST_EQUAL(ring->count, model->count);
	TEST_EQUAL(ring_free(ring), ring->capacity - model->count);
}

int main(void)
{
	uint32_t random = 1;

	for (size_t capacity = 0; capacity <= 8; capacity++) {
		uint8_t buffer[10];
		struct ring ring;
		struct model model = {.count = 0};

		memset(buffer, 0xEE, sizeof(buffer));
		ring_init(&ring, buffer + 1, capacity);
		for (int i = 0; i < 20000; i++)
			step(&ring, &model, test_random(&random));
		TEST_CHECK(buffer[0] == 0xEE && buffer[capacity + 1] == 0xEE);
		ring_clear(&ring);
		TEST_EQUAL(ring.count, 0);
		TEST_EQUAL(ring_free(&ring), capacity);
	}
	return test_end("lib_ring");
}
