/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Calls every storage function of the library; prints `stores: N failed`. */
#include <stdio.h>
#include <string.h>

#include "detent.h"

static unsigned int failed;

struct outcome {
	enum error error;
	size_t length;
	bool ended;
};

static void check(const char *what, bool right)
{
	if (right)
		return;
	failed++;
	printf("stores: %s is wrong\n", what);
}

static void same(const char *what, enum error is, enum error wanted)
{
	if (is == wanted)
		return;
	failed++;
	printf("stores: %s: %s\n", what, error_text(is));
}

static void note(enum error error, size_t length, void *context)
{
	*(struct outcome *)context = (struct outcome){error, length, true};
}

static struct outcome outcome_of(enum error started, struct outcome *outcome)
{
	if (started != E_OK)
		return (struct outcome){started, 0, true};
	while (!outcome->ended)
		yield();
	return *outcome;
}

static void check_keys(void)
{
	struct key key = key_of("stores");
	char value[8] = "";
	size_t length = 0;

	(void)!key_remove(key);
	same("get nothing", key_get(key, value, sizeof(value), &length), E_NOSUPPORT);
	same("update nothing", key_update(key, "a", 1), E_NOSUPPORT);
	same("add", key_add(key, "one", 3), E_OK);
	same("add twice", key_add(key, "two", 3), E_NOSUPPORT);
	same("update", key_update(key, "three", 5), E_OK);
	same("get", key_get(key, value, sizeof(value), &length), E_OK);
	check("value", length == 5 && memcmp(value, "three", 5) == 0);
	same("set", key_set(key, "0123456789", 10), E_OK);
	same("get into little", key_get(key, value, sizeof(value), &length), E_SIZE);
	check("beginning", length == 10 && memcmp(value, "01234567", 8) == 0);
	same("remove", key_remove(key), E_OK);
}

static void check_keys_later(void)
{
	struct key key = key_of("later");
	struct outcome set = {0}, got = {0};
	char value[8] = "";

	same("start of set", key_set_start(key, "soon", 4, note, &set), E_OK);
	same("second start", key_get_start(key, value, sizeof(value), note, &got), E_BUSY);
	same("while it is under way", key_remove(key), E_BUSY);
	same("set later", outcome_of(E_OK, &set).error, E_OK);
	got = outcome_of(key_get_start(key, value, sizeof(value), note, &got), &got);
	check("get later", got.error == E_OK && got.length == 4 && memcmp(value, "soon", 4) == 0);
	same("remove after that", key_remove(key), E_OK);
}

static void check_storage(void)
{
	struct outcome written = {0}, read = {0};
	char bytes[16] = "";
	size_t size = 0;

	same("size", storage_size(&size), E_OK);
	check("region", size >= 64);
	same("write", storage_write(8, "isolated", 8), E_OK);
	same("read", storage_read(8, bytes, 8), E_OK);
	check("bytes", memcmp(bytes, "isolated", 8) == 0);
	same("write outside", storage_write((uint32_t)size, "x", 1), E_INVAL);
	written = outcome_of(
		storage_write_start(40, (struct storage_bytes){"later", 5}, note, &written),
		&written);
	check("write later", written.error == E_OK && written.length == 5);
	read = outcome_of(storage_read_start(40, (struct storage_buffer){bytes, 5}, note, &read),
			  &read);
	check("read later", read.error == E_OK && memcmp(bytes, "later", 5) == 0);
}

static void check_nonvolatile(void)
{
	char bytes[16] = "";
	size_t size = 0;

	same("older size", nonvolatile_size(&size), E_OK);
	same("older write", nonvolatile_write(4, "nonvolatile", 11), E_OK);
	same("older read", nonvolatile_read(4, bytes, 11), E_OK);
	check("older bytes", memcmp(bytes, "nonvolatile", 11) == 0);
	same("older write outside", nonvolatile_write((uint32_t)size, "x", 1), E_INVAL);
}

APP_FLASH static const char settings[32] = "as it was built";

static void check_app_flash(void)
{
	struct outcome written = {0};
	char bytes[32];

	same("app flash", app_flash_write(settings, "written", 8), E_OK);
	app_flash_read(settings, bytes, sizeof(bytes));
	check("app flash bytes", strcmp(bytes, "written") == 0);
	check("what follows", memcmp(bytes + 8, "was built", 6) != 0 || bytes[8] != 0);
	same("app flash outside", app_flash_write(&failed, "x", 1), E_INVAL);
	written = outcome_of(
		app_flash_write_start((struct app_flash_change){settings + 16, "later", 6}, note,
				      &written),
		&written);
	app_flash_read(settings + 16, bytes, 6);
	check("app flash later", written.error == E_OK && strcmp(bytes, "later") == 0);
}

static void check_raw_flash(void)
{
	struct raw_flash_shape shape;
	uint8_t word[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
	uint8_t back[16] = {0};

	enum error described = raw_flash_describe(&shape);

	if (described == E_NODEVICE) {
		printf("stores: no raw flash\n");
		return;
	}
	same("shape", described, E_OK);
	check("sizes", shape.page > 0 && shape.size % shape.page == 0 &&
			       shape.word <= sizeof(word) && shape.writes > 0);
	same("erase", raw_flash_erase(0), E_OK);
	same("raw write", raw_flash_write(0, word, shape.word), E_OK);
	same("raw read", raw_flash_read(0, back, shape.word), E_OK);
	check("raw bytes", memcmp(word, back, shape.word) == 0);
	same("not at a page", raw_flash_erase(shape.word), E_INVAL);
}

int main(void)
{
	check_keys();
	check_keys_later();
	check_storage();
	check_nonvolatile();
	check_app_flash();
	check_raw_flash();
	printf("stores: %u failed\n", failed);
	return 0;
}
