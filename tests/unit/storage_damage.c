/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A flash whose bits change after the store was mounted. Whatever is read: the
 * store asks for nothing outside of its pages, comes to an end, and the places
 * that it keeps stay in the ranges that the contracts in lib/kv_private.h take
 * for granted (they are checked before and after every step).
 *
 * LINK: lib/kv.c lib/kv_append.c lib/kv_collect.c lib/kv_commit.c lib/kv_find.c lib/kv_flash.c lib/kv_layout.c lib/kv_mount.c lib/kv_pages.c lib/storage_rights.c
 * INCLUDE: lib
 */
#include "kv_private.h"

#include "test.h"

#include <string.h>

enum { PAGES = 5, PAGE = 512, SIZE = PAGES * PAGE, STEPS_MAX = 20000, KEYS = 7, ROUNDS = 4000 };

static const struct kv_config config = {.page_bytes = PAGE, .pages = PAGES, .unit = 4};
static uint8_t flash[SIZE];
static struct kv_page pages[PAGES];
static struct kv kv;
static struct storage_rights rights;
static uint32_t state;
static uint32_t damage; /* one byte in so many that are read is another; 0: none */

static uint32_t pick(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static void in_page(uint32_t page, uint32_t at)
{
	TEST_CHECK(page < PAGES && at <= PAGE);
}

static void in_range(void)
{
	in_page(kv.active, kv.reach);
	in_page(kv.open.page, kv.open.at);
	in_page(kv.find.page, kv.find.at);
	in_page(kv.found.page, kv.found.offset + kv.found.bytes);
	in_page(kv.collect.victim, kv.collect.at);
	in_page(kv.collect.victim, kv.collect.end);
	in_page(kv.emit.page, kv.emit.end);
	in_page(kv.mount.page, kv.mount.at);
	in_page(kv.mount.page, kv.mount.end);
	in_page(kv.mount.page, kv.mount.batch);
	TEST_CHECK(kv.find.length <= KV_KEY_MAX && kv.depth <= KV_DEPTH);
	TEST_CHECK(kv.mount.pending <= KV_CHANGES_MAX);
	TEST_CHECK(kv.window_length <= KV_CHUNK && kv.window_offset + kv.window_length <= SIZE);
	TEST_CHECK(kv.check.at <= kv.check.end && kv.check.end + KV_CHECK <= SIZE);
	TEST_CHECK(kv.write.length <= KV_STAGE && kv.write.to + kv.write.length <= SIZE);
	TEST_CHECK(kv.emit.position <= kv.emit.size && kv.emit.to + kv.emit.size <= SIZE);
	TEST_CHECK(kv.found.bytes == 0 || kv.found.content + KV_CHECK <= kv.found.bytes);
	for (uint32_t i = 0; i < PAGES; i++)
		TEST_CHECK(pages[i].used <= PAGE && pages[i].sequence <= KV_SEQUENCE_MAX);
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		TEST_CHECK(kv.owner[i].bytes <= SIZE);
}

static void perform(const struct kv_request *request)
{
	if (request->operation == KV_ERASE) {
		TEST_CHECK(request->offset % PAGE == 0 && request->offset < SIZE);
		memset(flash + request->offset, 0xFF, PAGE);
		return;
	}
	TEST_CHECK(request->offset <= SIZE && request->length <= SIZE - request->offset);
	if (request->operation == KV_WRITE) {
		TEST_CHECK(request->length <= KV_STAGE);
		for (uint32_t i = 0; i < request->length; i++)
			flash[request->offset + i] &= request->bytes[i];
		return;
	}
	TEST_CHECK(request->length <= KV_CHUNK);
	memcpy(request->bytes, flash + request->offset, request->length);
	for (uint32_t i = 0; damage != 0 && i < request->length; i++)
		if (pick(damage) == 0)
			request->bytes[i] = (uint8_t)pick(256);
}

static enum error finish(void)
{
	struct kv_request request;
	uint32_t steps = 0;

	in_range();
	while (kv_step(&kv, &request)) {
		in_range();
		perform(&request);
		kv_done(&kv, E_OK);
		if (++steps == STEPS_MAX) {
			TEST_CHECK(steps < STEPS_MAX);
			kv.depth = 0;
		}
	}
	in_range();
	return kv.status;
}

static enum error put(uint8_t name, uint32_t length)
{
	static uint8_t key[3], value[96];
	struct kv_change change = {.key = key, .key_length = 3, .value = value};

	memset(key, name, sizeof(key));
	memset(value, name ^ 0x55, sizeof(value));
	change.value_length = (uint16_t)length;
	change.mode = length == 0 ? KV_REMOVE : KV_SET;
	TEST_EQUAL(kv_commit(&kv, &rights, &change, 1), E_OK);
	return finish();
}

static enum error get(uint8_t name)
{
	static uint8_t key[3], buffer[16];
	struct kv_query query = {
		.key = key,
		.key_length = 3,
		.skip = pick(80),
		.buffer = buffer,
		.buffer_length = sizeof(buffer),
	};

	memset(key, name, sizeof(key));
	TEST_EQUAL(kv_get(&kv, &rights, &query), E_OK);
	return finish();
}

static void mount(void)
{
	TEST_EQUAL(kv_mount(&kv), E_OK);
	TEST_EQUAL(finish(), E_OK);
}

static void begin(uint32_t seed)
{
	state = seed;
	damage = 0;
	memset(flash, 0xFF, sizeof(flash));
	storage_rights_own(&rights, 7);
	TEST_EQUAL(kv_init(&kv, &config, pages), E_OK);
	mount();
}

/* The last record of the last page says that it is longer than the page. */
static void length_beyond_the_end(void)
{
	uint32_t last = 0;

	begin(1);
	for (uint32_t i = 0; kv.active != PAGES - 1; i++)
		TEST_EQUAL(put((uint8_t)(i % 2), 40), E_OK);
	TEST_EQUAL(put(9, 4), E_OK);
	TEST_EQUAL(get(9), E_OK);
	last = kv.found.page * PAGE + kv.found.offset;
	TEST_EQUAL(kv.found.page, PAGES - 1);
	flash[last + 3] = 0x7F; /* of the value's length */
	kv.window_length = 0;
	TEST_EQUAL(get(9), E_FAIL);
}

/* The length of a record leads to where the flash has less than a head of one left. */
static void end_without_a_head(void)
{
	uint32_t first, left, half;

	begin(1);
	for (uint32_t i = 0; kv.active != PAGES - 1; i++)
		TEST_EQUAL(put((uint8_t)(i % 2), 40), E_OK);
	while (PAGE - pages[PAGES - 1].used >= 180)
		TEST_EQUAL(put(8, 40), E_OK);
	first = pages[PAGES - 1].used;
	left = PAGE - first;
	half = left / 8 * 4;
	TEST_EQUAL(put(9, half - 19), E_OK);
	TEST_EQUAL(put(8, left - half - 19), E_OK);
	TEST_EQUAL(pages[PAGES - 1].used, PAGE);
	flash[SIZE - left + 2] =
		(uint8_t)(left - 23); /* of the value's length: up to 4 bytes from the end */
	kv.window_length = 0;
	TEST_EQUAL(get(8), E_FAIL);
}

/* A mark of a page with the last number that there is does not make the next one 0. */
static void last_sequence(void)
{
	begin(1);
	kv_mark_format(flash, &config, 1);
	kv_mark_open(flash + KV_MARK, UINT32_MAX, KV_KIND_LOG, 1);
	mount();
	TEST_EQUAL(kv.next_sequence, 1);
	kv_mark_open(flash + KV_MARK, KV_SEQUENCE_MAX, KV_KIND_LOG, 1);
	mount();
	TEST_EQUAL(kv.next_sequence, UINT32_MAX);
	TEST_EQUAL(put(1, 8), E_OK); /* there is room in that page */
	for (uint32_t i = 0; i < 20; i++)
		(void)put((uint8_t)i, 60);
	TEST_EQUAL(put(1, 60), E_NOMEM);
}

/* Every byte may be read wrong, now and then. */
static void at_random(void)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		begin(round + 1);
		for (uint32_t i = 0; i < 12; i++)
			(void)put((uint8_t)pick(KEYS), 4 + pick(60));
		damage = 8u << pick(8);
		for (uint32_t i = 0; i < 12 && kv.mounted; i++) {
			if (pick(3) == 0)
				(void)put((uint8_t)pick(KEYS), pick(64));
			else if (pick(8) == 0 && kv_collect(&kv) == E_OK)
				(void)finish();
			else
				(void)get((uint8_t)pick(KEYS));
		}
		TEST_EQUAL(kv_mount(&kv), E_OK);
		(void)finish();
	}
}

int main(void)
{
	length_beyond_the_end();
	end_without_a_head();
	last_sequence();
	at_random();
	return test_end("storage_damage");
}
