/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What docs/syscalls/50000_app_flash.md promises when power fails: each workload is
 * cut before, in the middle of and after every write and erase of the flash.
 *
 * INCLUDE: tests/flash_model
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c tests/flash_model/flash_model.c capsules/src/app_flash_driver.c \
 *	lib/format.c lib/ring.c
 */
#include "capsules/app_flash_driver.h"
#include "fake_kernel.h"
#include "flash_model.h"
#include "kernel/deferred.h"
#include "kernel/storage_permissions.h"
#include "lib/compiler.h"
#include "test.h"

#include <string.h>

enum { PAGE = 512, PAGES = 4, SIZE = PAGE * PAGES, APP_BASE = 0x1000, RECORD = 32, RECORDS = 40 };
enum { FIRST = PAGE / 2 + 16, OVER_A_PAGE = 3 }; /* so many records lie in two pages */

/* ---- a flash as drivers see it, on the model ---- */

struct model_flash {
	struct flash flash;
	struct deferred deferred;
	uint8_t *buffer;
	enum error status;
	enum { NONE, READ, WRITTEN, ERASED } state;
};

static struct flash_model model;
static struct model_flash medium;
static struct app_flash_driver driver;
static uint8_t page_memory[PAGE];

static void answer(uint8_t **slot, enum error status, int state)
{
	if (slot != NULL) {
		medium.buffer = *slot;
		*slot = NULL;
	}
	medium.status = status;
	medium.state = state;
	deferred_set(&medium.deferred);
}

static enum error medium_read(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	(void)flash;
	answer(slot, flash_model_read(&model, offset, *slot, (uint32_t)length), READ);
	return E_OK;
}

/* Hardware refuses a word that was written already, even if it looks blank. */
static enum error medium_write(struct flash *flash, uint32_t offset, uint8_t **slot, size_t length)
{
	enum error status = E_OK;

	(void)flash;
	for (size_t at = offset; at < offset + length && !model.off; at += model.word_bytes)
		if (model.word_writes[at / model.word_bytes] >= model.writes_per_word)
			status = E_FAIL;
	if (status == E_OK)
		status = flash_model_write(&model, offset, *slot, (uint32_t)length);
	answer(slot, status == E_OK ? E_OK : E_FAIL, WRITTEN);
	return E_OK;
}

static enum error medium_erase(struct flash *flash, uint32_t page)
{
	(void)flash;
	answer(NULL, flash_model_erase(&model, page) == E_OK ? E_OK : E_FAIL, ERASED);
	return E_OK;
}

static void medium_called(struct deferred *deferred)
{
	struct flash_client *client = medium.flash.client;
	int state = (int)medium.state;

	(void)deferred;
	medium.state = NONE;
	if (state == READ)
		client->ops->read(client, medium.buffer, medium.status);
	else if (state == WRITTEN)
		client->ops->written(client, medium.buffer, medium.status);
	else if (state == ERASED)
		client->ops->erased(client, medium.status);
}

static const struct flash_ops medium_ops = {
	.read = medium_read, .write = medium_write, .erase = medium_erase};
static const struct deferred_ops deferred_ops = {.called = medium_called};

/* All of it is the process's to write. */
bool process_flash_writeable(struct process_id id, uint32_t address, uint32_t length,
			     uint32_t *offset)
{
	(void)id;
	*offset = address - APP_BASE;
	return *offset <= SIZE && length <= SIZE - *offset;
}

bool process_flash_owns(struct process_id id, uint32_t offset, uint32_t length)
{
	(void)id;
	return offset <= SIZE && length <= SIZE - offset;
}

/* ---- workloads ---- */

static struct process_id app;

static void power_on(void)
{
	fake_reset();
	flash_model_power_on(&model);
	medium = (struct model_flash){
		.flash = {.ops = &medium_ops,
			  .geometry = {PAGE, PAGES, (uint16_t)model.word_bytes,
				       (uint16_t)model.writes_per_word}},
		.deferred = {.ops = &deferred_ops},
	};
	app_flash_driver_init(&driver, &medium.flash, page_memory);
	fake_add_driver(&driver.driver);
	app = fake_start("app");
}

static void new_medium(uint32_t word_bytes)
{
	model = (struct flash_model){
		.page_bytes = PAGE, .pages = PAGES, .word_bytes = word_bytes, .writes_per_word = 1};
	flash_model_init(&model, true);
	power_on();
}

static bool save(uint32_t offset, const void *bytes, size_t length)
{
	struct fake_upcall upcall;

	fake_allow_ro(&driver.driver, app, 0, bytes, length);
	if (fake_command(&driver.driver, app, 1, APP_BASE + offset, 0).variant != SYSCALL_SUCCESS)
		return false;
	fake_run_deferred();
	return fake_yield(app, &upcall) && upcall.argument[0] == E_OK;
}

static void record_of(uint32_t number, uint8_t record[RECORD])
{
	memset(record, (int)number + 1, RECORD);
}

/* Appends records one after the other; returns how many were reported done. */
static uint32_t append_all(void)
{
	uint8_t record[RECORD];

	for (uint32_t i = 0; i < RECORDS; i++) {
		record_of(i, record);
		if (!save(FIRST + i * RECORD, record, RECORD))
			return i;
	}
	return RECORDS;
}

/* Records that were done are whole, and what nobody wrote is as it was. */
static bool appended(uint32_t done)
{
	uint8_t record[RECORD];
	bool fine = true;

	for (uint32_t i = 0; i < done; i++) {
		record_of(i, record);
		fine = fine && memcmp(model.bytes + FIRST + i * RECORD, record, RECORD) == 0;
	}
	for (uint32_t at = 0; at < SIZE; at++)
		if (at < FIRST || at >= FIRST + (done + 1) * RECORD)
			fine = fine && model.bytes[at] == 0xFF;
	return fine;
}

static void appending_puts_nothing_else_at_stake(uint32_t word_bytes)
{
	uint32_t changes = 1;

	for (uint64_t at = 0; at < changes; at++)
		for (int cut = CUT_BEFORE; cut <= CUT_AFTER; cut++) {
			uint32_t done;

			new_medium(word_bytes);
			model.cut_at = at;
			model.cut = (enum flash_model_cut)cut;
			done = append_all();
			if (at == 0 && cut == CUT_BEFORE) {
				TEST_EQUAL(done, 0);
				flash_model_power_on(&model);
				changes = (append_all(), (uint32_t)model.changes);
				TEST_EQUAL(changes, RECORDS + OVER_A_PAGE);
				TEST_EQUAL(model.erases, 0);
			} else {
				TEST_CHECK(done < RECORDS && appended(done));
			}
			flash_model_free(&model);
		}
}

/*
 * Two copies in turn, a page of unused bytes apart, with a number and its complement,
 * as the document advises. The second one lies in two pages.
 */
enum { COPY_FIRST = 300, COPY_APART = PAGE + 108 };

struct copy {
	uint32_t number;
	uint8_t bytes[100];
	uint32_t complement; /* written last: it is the end of the record */
};

static const struct copy *copy_at(uint32_t which)
{
	return (const struct copy *)(const void *)(model.bytes + COPY_FIRST + which * COPY_APART);
}

static bool copy_holds(const struct copy *copy)
{
	bool fine = copy->number == ~copy->complement;

	for (uint32_t i = 0; i < sizeof(copy->bytes); i++)
		fine = fine && copy->bytes[i] == (uint8_t)copy->number;
	return fine;
}

static uint32_t newest(void)
{
	uint32_t number = 0;

	for (uint32_t i = 0; i < 2; i++)
		if (copy_holds(copy_at(i)) && copy_at(i)->number > number)
			number = copy_at(i)->number;
	return number;
}

static bool save_copy(uint32_t number)
{
	struct copy copy = {.number = number, .complement = ~number};

	memset(copy.bytes, (int)number, sizeof(copy.bytes));
	return save(COPY_FIRST + number % 2 * COPY_APART, &copy, sizeof(copy));
}

static void two_copies_lose_nothing(void)
{
	enum { UPDATES = 12 };
	uint32_t cuts = 0;

	for (uint64_t at = 0; at < 3 * UPDATES; at++)
		for (int cut = CUT_BEFORE; cut <= CUT_AFTER; cut++) {
			uint32_t done = 0;

			new_medium(4);
			model.random = (uint32_t)at + 7;
			model.cut_at = at;
			model.cut = (enum flash_model_cut)cut;
			while (done < UPDATES && save_copy(done + 1))
				done++;
			cuts += model.off;
			power_on();
			TEST_CHECK(newest() == done || newest() == done + 1);
			/* It goes on from there. */
			TEST_CHECK(save_copy(newest() + 1) && newest() >= done + 1);
			flash_model_free(&model);
		}
	TEST_CHECK(cuts > 3 * UPDATES);
}

/* A page that has to be erased is the only one that a cut can harm. */
static void rewriting_puts_only_its_pages_at_stake(void)
{
	uint8_t before[SIZE], bytes[PAGE];

	for (uint64_t at = 0; at < 6; at++)
		for (int cut = CUT_BEFORE; cut <= CUT_AFTER; cut++) {
			new_medium(4);
			memset(before, 0x5A, SIZE);
			memset(bytes, 0xC3, sizeof(bytes));
			TEST_CHECK(save(0, before, SIZE));
			flash_model_power_on(&model);
			model.cut_at = at;
			model.cut = (enum flash_model_cut)cut;
			/* The end of page 1 and the beginning of page 2. */
			TEST_EQUAL(save(2 * PAGE - 100, bytes, 300), at >= 4);
			TEST_CHECK(memcmp(model.bytes, before, PAGE) == 0);
			TEST_CHECK(memcmp(model.bytes + 3 * PAGE, before, PAGE) == 0);
			/* The second page is not begun before the first is done. */
			if (at < 2)
				TEST_CHECK(memcmp(model.bytes + 2 * PAGE, before, PAGE) == 0);
			power_on();
			TEST_CHECK(save(2 * PAGE - 100, bytes, 300));
			TEST_CHECK(memcmp(model.bytes + 2 * PAGE - 100, bytes, 300) == 0);
			flash_model_free(&model);
		}
}

static void the_same_again_touches_nothing(void)
{
	uint8_t bytes[600];

	new_medium(8);
	memset(bytes, 0x11, sizeof(bytes));
	TEST_CHECK(save(13, bytes, sizeof(bytes)));
	flash_model_power_on(&model);
	TEST_CHECK(save(13, bytes, sizeof(bytes)));
	TEST_EQUAL(model.changes, 0);
	memset(bytes, 0xFF, sizeof(bytes));
	TEST_CHECK(save(PAGE * 2, bytes, sizeof(bytes)));
	TEST_EQUAL(model.changes, 0);
	flash_model_free(&model);
}

/* Blank words between two written runs count as written: the flash refuses, an erase helps. */
static void a_word_that_only_looks_blank(void)
{
	uint8_t bytes[24];

	new_medium(4);
	memset(bytes, 0x22, sizeof(bytes));
	memset(bytes + 8, 0xFF, 8);
	TEST_CHECK(save(0, bytes, sizeof(bytes)));
	memset(bytes + 8, 0x33, 8);
	TEST_CHECK(save(8, bytes + 8, 8));
	TEST_EQUAL(model.erases, 1);
	TEST_CHECK(memcmp(model.bytes, bytes, sizeof(bytes)) == 0);
	/* A word that stays between two blank ones: not one run, so it is erased too. */
	memset(bytes, 0x44, sizeof(bytes));
	TEST_CHECK(save(100, bytes, 4));
	memset(bytes + 4, 0x44, 4);
	TEST_CHECK(save(96, bytes, 12));
	TEST_EQUAL(model.erases, 2);
	TEST_CHECK(memcmp(model.bytes + 96, bytes, 12) == 0);
	flash_model_free(&model);
}

int main(void)
{
	appending_puts_nothing_else_at_stake(4);
	appending_puts_nothing_else_at_stake(16);
	rewriting_puts_only_its_pages_at_stake();
	two_copies_lose_nothing();
	the_same_again_touches_nothing();
	a_word_that_only_looks_blank();
	return test_end("app_flash_cuts");
}
