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

/* Starts something and waits for its end. */
#define LATER(what, start, wanted_error, wanted_length)                                            \
	do {                                                                                       \
		struct outcome outcome = {0};                                                      \
                                                                                                   \
		outcome = outcome_of(start, &outcome);                                             \
		same(what, outcome.error, wanted_error);                                           \
		check(what, outcome.error != E_OK || outcome.length == (wanted_length));           \
	} while (0)

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
	char value[8] = "";

	LATER("update nothing later", key_update_start(key, "x", 1, note, &outcome), E_NOSUPPORT,
	      0);
	LATER("add later", key_add_start(key, "first", 5, note, &outcome), E_OK, 0);
	LATER("add twice later", key_add_start(key, "x", 1, note, &outcome), E_NOSUPPORT, 0);
	LATER("update later", key_update_start(key, "second", 6, note, &outcome), E_OK, 0);
	LATER("get later", key_get_start(key, value, sizeof(value), note, &outcome), E_OK, 6);
	check("value later", memcmp(value, "second", 6) == 0);
	LATER("set later", key_set_start(key, "soon", 4, note, &outcome), E_OK, 0);
	LATER("remove later", key_remove_start(key, note, &outcome), E_OK, 0);
	LATER("get nothing later", key_get_start(key, value, sizeof(value), note, &outcome),
	      E_NOSUPPORT, 0);
}

/* Also where nobody is told of the end. */
static void check_busy(void)
{
	struct key key = key_of("busy");
	char value[8] = "";
	size_t size;

	same("start of set", key_set_start(key, "soon", 4, NULL, NULL), E_OK);
	same("second start", key_get_start(key, value, sizeof(value), note, NULL), E_BUSY);
	same("while it is under way", key_remove(key), E_BUSY);
	yield();
	same("remove after that", key_remove(key), E_OK);
	same("start of size", storage_size_start(NULL, NULL), E_OK);
	same("size while it is under way", storage_size(&size), E_BUSY);
	yield();
	same("size after that", storage_size(&size), E_OK);
}

static void check_storage(void)
{
	char bytes[16] = "";
	size_t size = 0;

	same("size", storage_size(&size), E_OK);
	LATER("size later", storage_size_start(note, &outcome), E_OK, size);
	check("region", size >= 64);
	same("write", storage_write(8, "isolated", 8), E_OK);
	same("read", storage_read(8, bytes, 8), E_OK);
	check("bytes", memcmp(bytes, "isolated", 8) == 0);
	same("write outside", storage_write((uint32_t)size, "x", 1), E_INVAL);
	LATER("write later",
	      storage_write_start(40, (struct storage_bytes){"later", 5}, note, &outcome), E_OK, 5);
	LATER("read later",
	      storage_read_start(40, (struct storage_buffer){bytes, 5}, note, &outcome), E_OK, 5);
	check("bytes later", memcmp(bytes, "later", 5) == 0);
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
	LATER("older write later",
	      nonvolatile_write_start(40, (struct storage_bytes){"older", 5}, note, &outcome), E_OK,
	      5);
	LATER("older read later",
	      nonvolatile_read_start(40, (struct storage_buffer){bytes, 5}, note, &outcome), E_OK,
	      5);
	check("older bytes later", memcmp(bytes, "older", 5) == 0);
}

APP_FLASH static const char settings[32] = "as it was built";

static void check_app_flash(void)
{
	char bytes[32];

	same("app flash", app_flash_write(settings, "written", 8), E_OK);
	app_flash_read(settings, bytes, sizeof(bytes));
	check("app flash bytes", strcmp(bytes, "written") == 0);
	check("what follows", memcmp(bytes + 8, "was built", 6) != 0 || bytes[8] != 0);
	same("app flash outside", app_flash_write(&failed, "x", 1), E_INVAL);
	LATER("app flash write later",
	      app_flash_write_start((struct app_flash_change){settings + 16, "later", 6}, note,
				    &outcome),
	      E_OK, 0);
	app_flash_read(settings + 16, bytes, 6);
	check("app flash later", strcmp(bytes, "later") == 0);
}

static void check_raw_flash_later(const struct raw_flash_shape *shape, const uint8_t *word)
{
	const struct raw_flash_bytes bytes = {word, shape->word};
	uint8_t back[16] = {0};
	struct raw_flash_buffer buffer = {back, shape->word};

	LATER("erase later", raw_flash_erase_start(0, note, &outcome), E_OK, shape->page);
	LATER("raw write later", raw_flash_write_start(shape->word, bytes, note, &outcome), E_OK,
	      shape->word);
	LATER("raw read later", raw_flash_read_start(shape->word, buffer, note, &outcome), E_OK,
	      shape->word);
	check("raw bytes later", memcmp(word, back, shape->word) == 0);
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
	check_raw_flash_later(&shape, word);
}

int main(void)
{
	check_keys();
	check_keys_later();
	check_busy();
	check_storage();
	check_nonvolatile();
	check_app_flash();
	check_raw_flash();
	printf("stores: %u failed\n", failed);
	return 0;
}
