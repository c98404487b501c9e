/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * LINK: none
 * INCLUDE: user/include
 *
 * A value that is published is read whole, whatever comes between: the other side
 * runs at every single access to the shared memory, once and several times. Both
 * sides are the userland's own, with each access seen.
 */
#include "test.h"

#include <string.h>

/* ---- every access of loan_latest.c to what is shared ---- */

static void touch(void);

static void *copy_bytes(void *to, const void *from, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		touch();
		((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
	}
	touch();
	return to;
}

#include "detent/compiler.h"

#undef LOAD_ACQUIRE
#undef STORE_RELEASE
#define LOAD_ACQUIRE(word) (touch(), __atomic_load_n((word), __ATOMIC_ACQUIRE))
#define STORE_RELEASE(word, value) (touch(), __atomic_store_n((word), (value), __ATOMIC_RELEASE))
#define memcpy copy_bytes
#include "../../user/src/loan_latest.c"
#undef memcpy

/* ---- the kernel's part ---- */

void *loan_alloc(size_t length, size_t *size)
{
	static uint32_t memory[64];

	*size = length;
	return length <= sizeof(memory) ? memory : NULL;
}

enum error loan_make(const struct loan_offer *offer, loan_id *id)
{
	*id = offer->length != 0;
	return E_OK;
}

static bool is_over;

enum error loan_describe(loan_id id, peer_id *other, uint32_t *flags)
{
	(void)other;
	(void)flags;
	return id == 1 && !is_over ? E_OK : E_INVAL;
}

/* ---- the two sides ---- */

enum { SIZE = 10 /* bytes: not whole words */, PUBLISHED = 5 /* at most, in a row */ };

static struct latest writer;
static struct latest_view reader;
static uint32_t published; /* values are of equal bytes, counted */
static long accesses, stop_at;
static void (*other_side)(void);

static void touch(void)
{
	if (accesses++ != stop_at)
		return;

	void (*side)(void) = other_side;

	other_side = NULL;
	if (side != NULL)
		side();
	other_side = side;
}

static void publish(void)
{
	unsigned char value[SIZE];

	published++;
	memset(value, (int)(published & 0xFF), SIZE);
	latest_publish(&writer, value);
}

static bool is_whole(const unsigned char value[SIZE])
{
	for (int i = 1; i < SIZE; i++)
		if (value[i] != value[0])
			return false;
	return true;
}

static unsigned char last_read[SIZE];
static enum error read_error;

static void read_it(void)
{
	read_error = latest_read(&reader, last_read);
}

static void set_up(uint32_t version)
{
	struct loan loan = {.id = 1};

	is_over = false;
	published = 0;
	other_side = NULL;
	TEST_EQUAL(latest_make(&writer, SIZE), E_OK);
	loan.start = writer.shared;
	loan.length = writer.length;
	writer.version = version;
	TEST_EQUAL(latest_open(&reader, &loan, SIZE), E_OK);
	read_it();
	TEST_EQUAL(read_error, E_RESERVE);
	publish();
}

static uint32_t in_a_row;

static void publish_several(void)
{
	for (uint32_t i = 0; i < in_a_row; i++)
		publish();
}

/* Runs `side` alone once, and returns how many accesses that takes. */
static long count(void (*side)(void))
{
	stop_at = -1;
	accesses = 0;
	side();
	return accesses;
}

/* One side is stopped before its access number `at`, and the other one runs. */
static void interrupt(void (*side)(void), long at, void (*other)(void))
{
	other_side = other;
	accesses = 0;
	stop_at = at;
	side();
}

/* The reader is stopped everywhere, and the writer publishes once or more. */
static void stop_the_reader(uint32_t version)
{
	for (in_a_row = 1; in_a_row <= PUBLISHED; in_a_row++) {
		set_up(version);
		long all = count(read_it);

		for (long at = 0; at < all; at++) {
			set_up(version);
			interrupt(read_it, at, publish_several);
			TEST_EQUAL(read_error, E_OK);
			TEST_CHECK(is_whole(last_read));
			TEST_CHECK(last_read[0] == 1 || last_read[0] == 1 + in_a_row);
		}
	}
}

/* The writer is stopped everywhere: the reader has the value before, or this one, whole. */
static void stop_the_writer(uint32_t version)
{
	set_up(version);
	long all = count(publish);

	for (long at = 0; at < all; at++) {
		set_up(version);
		interrupt(publish, at, read_it);
		TEST_CHECK(read_error == E_OK && is_whole(last_read) && last_read[0] == 1);
		other_side = NULL;
		read_it();
		TEST_CHECK(read_error == E_OK && is_whole(last_read) && last_read[0] == 2);
	}
}

/* It publishes without end: the reader gives up, and has no torn value. */
static void publish_and_stop_again(void)
{
	publish();
	publish();
	accesses = 0;
}

static void a_writer_without_end(void)
{
	set_up(0);
	interrupt(read_it, 3, publish_and_stop_again);
	TEST_EQUAL(read_error, E_BUSY);
	is_over = true;
	read_it();
	TEST_EQUAL(read_error, E_UNINSTALLED);
}

int main(void)
{
	static const uint32_t versions[] = {0, 1, 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE};

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		stop_the_reader(versions[i]);
		stop_the_writer(versions[i]);
	}
	a_writer_without_end();
	return test_end("loan_latest");
}
