/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Memory that behaves as flash: the rules of hil/flash.h, and that nothing of the
 * memory is read or written before a page of it is.
 *
 * LINK: chips/src/flash_ram.c
 */
#include "chip_check.h"
#include "chips/flash_ram.h"

#include <stdbool.h>
#include <string.h>

enum { PAGE = 64, PAGES = 32, SIZE = PAGE * PAGES, DIRT = 0xA5 };

static uint8_t bytes[SIZE], written[FLASH_RAM_WRITTEN(SIZE)];
static struct flash_ram medium;
static struct flash *flash = &medium.flash;
static struct deferred *deferred;
static enum error answer;
static uint8_t buffer[SIZE];

void deferred_set(struct deferred *call)
{
	CHECK(deferred == NULL);
	deferred = call;
}

static void settled(struct flash_client *client, uint8_t *slot, enum error status)
{
	(void)client;
	CHECK(slot == buffer);
	answer = status;
}

static void erased(struct flash_client *client, enum error status)
{
	(void)client;
	answer = status;
}

static const struct flash_client_ops ops = {settled, settled, erased};
static struct flash_client client = {&ops};

/* The callback's status, or what the call itself refused with. */
static enum error finish(enum error error)
{
	struct deferred *call = deferred;

	if (error != E_OK) {
		CHECK(call == NULL);
		return error;
	}
	CHECK(call != NULL);
	deferred = NULL;
	answer = E_BUSY;
	call->ops->called(call);
	return answer;
}

static enum error read_at(uint32_t offset, size_t length)
{
	uint8_t *slot = buffer;

	memset(buffer, 0, sizeof(buffer));
	return finish(flash->ops->read(flash, offset, &slot, length));
}

static enum error write_at(uint32_t offset, uint8_t value, size_t length)
{
	uint8_t *slot = buffer;

	memset(buffer, value, length);
	return finish(flash->ops->write(flash, offset, &slot, length));
}

static enum error erase(uint32_t page)
{
	return finish(flash->ops->erase(flash, page));
}

static bool holds(const uint8_t *start, uint8_t value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (start[i] != value)
			return false;
	return true;
}

/* The memory is what an earlier run left there. */
static void begin(uint16_t writes_per_word)
{
	const struct flash_ram_layout layout = {bytes, written, PAGE, PAGES, writes_per_word};

	memset(bytes, DIRT, sizeof(bytes));
	memset(written, DIRT, sizeof(written));
	flash_ram_init(&medium, &layout);
	flash->client = &client;
}

static void is_erased_at_first(void)
{
	begin(1);
	CHECK(holds(bytes, DIRT, SIZE) && holds(written, DIRT, sizeof(written)));
	CHECK(read_at(0, SIZE) == E_OK && holds(buffer, 0xFF, SIZE));
	CHECK(holds(bytes, DIRT, SIZE));
}

static void sets_the_pages_that_a_write_touches(void)
{
	begin(1);
	CHECK(write_at(3 * PAGE - 4, 0x12, 8) == E_OK);
	CHECK(holds(bytes, DIRT, 2 * PAGE) && holds(bytes + 4 * PAGE, DIRT, SIZE - 4 * PAGE));
	CHECK(read_at(PAGE, 4 * PAGE) == E_OK);
	CHECK(holds(buffer, 0xFF, 2 * PAGE - 4) && holds(buffer + 2 * PAGE - 4, 0x12, 8));
	CHECK(holds(buffer + 2 * PAGE + 4, 0xFF, 2 * PAGE - 4));
	CHECK(write_at(3 * PAGE + 4, 0x34, 4) == E_OK);
	CHECK(read_at(3 * PAGE - 4, 12) == E_OK);
	CHECK(holds(buffer, 0x12, 8) && holds(buffer + 8, 0x34, 4));
}

static void counts_the_writes_of_a_word(void)
{
	begin(1);
	CHECK(write_at(8, 0xFF, 4) == E_OK);
	CHECK(write_at(8, 0x00, 4) == E_FAIL);
	CHECK(write_at(4, 0x00, 8) == E_FAIL && write_at(4, 0x00, 4) == E_OK);
	CHECK(read_at(4, 8) == E_OK && holds(buffer, 0, 4) && holds(buffer + 4, 0xFF, 4));
	begin(2);
	CHECK(write_at(SIZE - 4, 0xF0, 4) == E_OK && write_at(SIZE - 4, 0xF1, 4) == E_FAIL);
	CHECK(write_at(SIZE - 4, 0x10, 4) == E_OK && write_at(SIZE - 4, 0x10, 4) == E_FAIL);
}

static void erases_one_page(void)
{
	begin(1);
	CHECK(write_at(0, 0, 3 * PAGE) == E_OK && erase(1) == E_OK);
	CHECK(holds(bytes, 0, PAGE) && holds(bytes + PAGE, 0xFF, PAGE) &&
	      holds(bytes + 2 * PAGE, 0, PAGE));
	CHECK(write_at(PAGE, 0x55, PAGE) == E_OK && write_at(0, 0, 4) == E_FAIL);
	CHECK(erase(PAGES - 1) == E_OK && holds(bytes + SIZE - PAGE, 0xFF, PAGE));
	CHECK(read_at(PAGE, PAGE) == E_OK && holds(buffer, 0x55, PAGE));
}

static void refuses(void)
{
	uint8_t *slot = buffer;

	begin(1);
	CHECK(read_at(SIZE, 1) == E_INVAL && read_at(1, SIZE) == E_INVAL &&
	      read_at(0, 0) == E_SIZE);
	CHECK(write_at(2, 0, 4) == E_INVAL && write_at(4, 0, 6) == E_INVAL &&
	      erase(PAGES) == E_INVAL);
	CHECK(flash->ops->read(flash, 0, &slot, 4) == E_OK && slot == NULL);
	slot = buffer;
	CHECK(flash->ops->write(flash, 0, &slot, 4) == E_BUSY && slot == buffer);
	CHECK(flash->ops->erase(flash, 0) == E_BUSY && finish(E_OK) == E_OK);
}

int main(void)
{
	is_erased_at_first();
	sets_the_pages_that_a_write_touches();
	counts_the_writes_of_a_word();
	erases_one_page();
	refuses();
	return chip_result("chip_flash_ram");
}
