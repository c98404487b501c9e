/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/rng_driver.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "capsules/rng_driver.h"
#include "fake_kernel.h"
#include "test.h"

#include <string.h>

static struct fake_entropy source;
static struct rng_driver rng;

static void start(void)
{
	fake_reset();
	fake_entropy_init(&source);
	rng_driver_init(&rng, &source.entropy);
	fake_add_driver(&rng.driver);
}

static struct syscall_return command(struct process_id id, uint32_t number, uint32_t count)
{
	return fake_command(&rng.driver, id, number, count, 0);
}

static bool succeeds(struct syscall_return result)
{
	return result.variant == SYSCALL_SUCCESS;
}

static bool fails(struct syscall_return result, enum error error)
{
	return result.variant == SYSCALL_FAILURE && result.value == (uint32_t)error;
}

static void ask(struct process_id id, uint8_t *buffer, uint32_t count)
{
	TEST_CHECK(fake_allow_rw(&rng.driver, id, 0, buffer, count));
	TEST_CHECK(succeeds(command(id, 1, count)));
}

static bool wiped(void)
{
	for (size_t i = 0; i < sizeof(rng.bytes); i++)
		if (rng.bytes[i] != 0)
			return false;
	return true;
}

static bool step(size_t count)
{
	bool done = fake_entropy_step(&source, count, E_OK);

	TEST_CHECK(!done || wiped());
	return done;
}

static void plain_commands(void)
{
	uint8_t buffer[8];

	start();

	struct process_id a = fake_start("a");

	fake_set_memory(a, false);
	TEST_CHECK(succeeds(command(a, 0, 0)));
	TEST_CHECK(fails(command(a, 1, 8), E_NOMEM));
	TEST_CHECK(fails(command(a, 2, 8), E_NOSUPPORT));
	fake_set_memory(a, true);
	TEST_CHECK(succeeds(command(a, 1, 8))); /* nothing shared: nothing to do */
	TEST_CHECK(fake_yields(a, 0, 0, 0));
	fake_allow_rw(&rng.driver, a, 0, buffer, 8);
	TEST_CHECK(succeeds(command(a, 1, 0)));
	TEST_CHECK(fake_yields(a, 0, 0, 0));
	TEST_CHECK(source.buffer == NULL);
}

static void one_process(void)
{
	uint8_t buffer[100] = {0};

	start();

	struct process_id a = fake_start("a");

	fake_allow_rw(&rng.driver, a, 0, buffer, 70);
	TEST_CHECK(succeeds(command(a, 1, UINT32_MAX)));
	while (step(RNG_DRIVER_CHUNK)) {
	}
	TEST_CHECK(fake_yields(a, 0, 0, 70));
	for (uint8_t i = 0; i < 70; i++)
		TEST_EQUAL(buffer[i], i + 1);
	TEST_EQUAL(buffer[70], 0);

	/* A source that gives few bytes at a time. */
	ask(a, buffer, 9);
	for (int i = 0; i < 5; i++)
		TEST_CHECK(step(2));
	TEST_CHECK(!step(2));
	TEST_CHECK(fake_yields(a, 0, 0, 9));

	/* One that says it gave more than it was asked for. */
	ask(a, buffer, 40);

	uint8_t *slot = source.buffer;

	source.buffer = NULL;
	memset(slot, 0x5A, RNG_DRIVER_CHUNK);
	rng.client.ops->gathered(&rng.client, slot, 1000, E_OK);
	TEST_CHECK(step(RNG_DRIVER_CHUNK));
	TEST_CHECK(fake_yields(a, 0, 0, 40));
}

/* A process that wants very much does not keep one waiting that wants little. */
static void in_turn(void)
{
	static uint8_t large[2000];
	uint8_t small[2][16];

	start();

	struct process_id greedy = fake_start("greedy");
	struct process_id b = fake_start("b");
	struct process_id c = fake_start("c");

	ask(greedy, large, sizeof(large));
	ask(b, small[0], 16);
	ask(c, small[1], 16);
	for (int i = 0; i < 3; i++)
		TEST_CHECK(step(RNG_DRIVER_CHUNK));
	TEST_CHECK(fake_yields(b, 0, 0, 16));
	TEST_CHECK(fake_yields(c, 0, 0, 16));
	TEST_CHECK(memcmp(small[0], small[1], 16) != 0);
	TEST_CHECK(memcmp(small[0], large, 16) != 0);
	while (step(RNG_DRIVER_CHUNK)) {
	}
	TEST_CHECK(fake_yields(greedy, 0, 0, sizeof(large)));
}

static void process_ends(void)
{
	uint8_t a_buffer[64], b_buffer[64], c_buffer[64] = {0};

	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct fake_upcall upcall;

	ask(a, a_buffer, 64);
	ask(b, b_buffer, 64);
	fake_end(a);
	fake_unload(0);

	/* The bytes on their way were asked for by the former life of this slot. */
	struct process_id c = fake_start("c");

	fake_allow_rw(&rng.driver, c, 0, c_buffer, 64);
	TEST_CHECK(step(32));
	TEST_EQUAL(c_buffer[0], 0);
	TEST_CHECK(step(32) && step(32) && !step(32));
	TEST_CHECK(fake_yields(b, 0, 0, 64));
	TEST_CHECK(!fake_yield(c, &upcall));
	ask(b, b_buffer, 64);
	fake_end(b);
	TEST_CHECK(step(32));
	TEST_CHECK(!step(32));
	ask(c, c_buffer, 1);
	TEST_CHECK(step(32));
	TEST_CHECK(fake_yields(c, 0, 0, 1));
}

static void buffer_shrinks(void)
{
	uint8_t buffer[64];

	start();

	struct process_id a = fake_start("a");

	ask(a, buffer, 64);
	TEST_CHECK(step(32));
	fake_allow_rw(&rng.driver, a, 0, buffer, 40);
	TEST_CHECK(step(32));
	TEST_CHECK(fake_yields(a, 0, 0, 32));
	TEST_CHECK(!step(32));
}

static void asks_again(void)
{
	uint8_t buffer[64];
	struct fake_upcall upcall;

	start();

	struct process_id a = fake_start("a");

	ask(a, buffer, 64);
	TEST_CHECK(step(32));
	ask(a, buffer, 20);
	TEST_CHECK(step(32));
	TEST_CHECK(fake_yields(a, 0, 0, 20));
	TEST_CHECK(!fake_yield(a, &upcall));
	ask(a, buffer, 20);
	TEST_CHECK(succeeds(command(a, 1, 0))); /* given up */
	TEST_CHECK(fake_yields(a, 0, 0, 0));
	TEST_CHECK(step(32));
	TEST_CHECK(!fake_yield(a, &upcall));
}

static void source_fails(void)
{
	uint8_t buffer[2][64];

	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	source.refuses = E_OFF;
	fake_allow_rw(&rng.driver, a, 0, buffer[0], 64);
	TEST_CHECK(fails(command(a, 1, 64), E_OFF));
	source.refuses = E_OK;
	ask(a, buffer[0], 64);
	ask(b, buffer[1], 64);
	TEST_CHECK(step(32));
	TEST_CHECK(fake_entropy_step(&source, 0, E_FAIL));
	TEST_CHECK(fake_yields(b, 0, E_FAIL, 0));
	source.refuses = E_OFF;
	TEST_CHECK(step(16));
	TEST_CHECK(fake_yields(a, 0, E_OFF, 48));
	source.refuses = E_OK;

	/* All that wait are told, and not just the next one. */
	struct process_id c = fake_start("c");
	uint8_t third[64];

	ask(a, buffer[0], 64);
	ask(b, buffer[1], 64);
	ask(c, third, 64);
	source.refuses = E_OFF;
	TEST_CHECK(step(32));
	TEST_CHECK(fake_yields(a, 0, E_OFF, 32));
	TEST_CHECK(fake_yields(b, 0, E_OFF, 0));
	TEST_CHECK(fake_yields(c, 0, E_OFF, 0));
	TEST_CHECK(!step(32));
	source.refuses = E_OK;
	ask(b, buffer[1], 4);
	TEST_CHECK(step(32));
	TEST_CHECK(fake_yields(b, 0, 0, 4));
}

int main(void)
{
	plain_commands();
	one_process();
	in_turn();
	process_ends();
	buffer_shrinks();
	asks_again();
	source_fails();
	return test_end("capsule_rng_driver");
}
