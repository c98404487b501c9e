/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Short ids and version floors on the storage core, the store and a flash in memory:
 * none is given twice, a floor never sinks, and both are there after a loss of power.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c capsules/src/app_table.c capsules/src/storage.c \
 *	chips/src/flash_ram.c lib/storage_rights.c lib/kv.c lib/kv_append.c lib/kv_collect.c lib/kv_commit.c \
 *	lib/kv_find.c lib/kv_flash.c lib/kv_layout.c lib/kv_mount.c lib/kv_pages.c lib/bytes.c lib/crc32.c \
 *	lib/format.c lib/ring.c
 */
#include "capsules/app_table.h"
#include "capsules/app_table_instance.h"
#include "chips/flash_ram.h"
#include "fake_kernel.h"
#include "lib/bytes.h"
#include "test.h"

#include <string.h>

enum { PAGE = 1024, PAGES = 6, FIRST = APP_TABLE_FIRST };

static struct flash_ram flash;
static uint8_t medium[PAGE * PAGES], written[FLASH_RAM_WRITTEN(sizeof(medium))];
static struct storage storage;
static struct kv_page pages[PAGES];
static struct app_table table;

static struct {
	uint32_t answers;
	enum error status;
	uint32_t short_id, floor;
} last;

bool process_storage_rights(struct process_id id, struct storage_rights *rights)
{
	(void)id;
	(void)rights;
	return false;
}

static void found(struct app_table_client *client, enum error status, uint32_t short_id,
		  uint32_t floor)
{
	(void)client;
	last.answers++;
	last.status = status;
	last.short_id = short_id;
	last.floor = floor;
}

static void raised(struct app_table_client *client, enum error status)
{
	(void)client;
	last.answers++;
	last.status = status;
}

static const struct app_table_client_ops client_ops = {found, raised};
static struct app_table_client client = {&client_ops};

static void mount(void)
{
	static const struct storage_config config = {.pages = pages, .quota = 1000};

	storage_init(&storage, &flash.flash, &config);
	app_table_init(&table, &storage, NULL);
	app_table_set_client(&table, &client);
	fake_run_deferred();
}

static void power_off_and_on(void)
{
	uint32_t fresh = flash.fresh;
	const struct flash_ram_layout layout = {medium, written, PAGE, PAGES, 1};

	fake_reset();
	flash_ram_init(&flash, &layout);
	flash.fresh = fresh;
	mount();
}

static void begin(void)
{
	const struct flash_ram_layout layout = {medium, written, PAGE, PAGES, 1};

	fake_reset();
	flash_ram_init(&flash, &layout);
	mount();
}

/* Runs what a call began; one answer, and not from inside of the call. */
static enum error answer_of(enum error error)
{
	uint32_t before = last.answers;

	TEST_EQUAL(error, E_OK);
	fake_run_deferred();
	TEST_EQUAL(last.answers, before + 1);
	return last.status;
}

static enum error find(const char *name)
{
	return answer_of(app_table_find(&table, (const uint8_t *)name, (uint32_t)strlen(name)));
}

static uint32_t id_of(const char *name)
{
	TEST_EQUAL(find(name), E_OK);
	return last.short_id;
}

static uint32_t floor_of(const char *name)
{
	TEST_EQUAL(find(name), E_OK);
	return last.floor;
}

static void ids_are_given_once(void)
{
	begin();
	TEST_EQUAL(id_of("one"), (uint32_t)FIRST);
	TEST_EQUAL(id_of("two"), (uint32_t)FIRST + 1);
	TEST_EQUAL(id_of("on"), (uint32_t)FIRST + 2); /* a beginning of another name */
	TEST_EQUAL(id_of("one"), (uint32_t)FIRST);
	power_off_and_on();
	TEST_EQUAL(id_of("three"), (uint32_t)FIRST + 3);
	TEST_EQUAL(id_of("two"), (uint32_t)FIRST + 1);
}

static void floors_never_sink(void)
{
	begin();

	uint32_t one = id_of("one"), two = id_of("two");

	TEST_EQUAL(last.floor, 0);
	TEST_EQUAL(answer_of(app_table_raise(&table, one, 5)), E_OK);
	TEST_EQUAL(floor_of("one"), 5);
	TEST_EQUAL(floor_of("two"), 0);
	TEST_EQUAL(answer_of(app_table_raise(&table, one, 4)), E_OK);
	TEST_EQUAL(floor_of("one"), 5);
	TEST_EQUAL(answer_of(app_table_raise(&table, two, UINT32_MAX)), E_OK);
	power_off_and_on();
	TEST_EQUAL(floor_of("one"), 5);
	TEST_EQUAL(floor_of("two"), UINT32_MAX);
	TEST_EQUAL(answer_of(app_table_find_fixed(&table, 7)), E_OK);
	TEST_EQUAL(last.short_id, 7);
	TEST_EQUAL(last.floor, 0);
	TEST_EQUAL(answer_of(app_table_raise(&table, 7, 2)), E_OK);
	TEST_EQUAL(answer_of(app_table_find_fixed(&table, 7)), E_OK);
	TEST_EQUAL(last.floor, 2);
}

static void wrong_calls(void)
{
	uint8_t name[APP_TABLE_NAME_MAX + 1] = {1};

	begin();
	TEST_EQUAL(app_table_find(&table, name, 0), E_SIZE);
	TEST_EQUAL(app_table_find(&table, name, sizeof(name)), E_SIZE);
	TEST_EQUAL(app_table_find_fixed(&table, 0), E_INVAL);
	TEST_EQUAL(app_table_find_fixed(&table, (uint32_t)FIRST), E_INVAL);
	TEST_EQUAL(app_table_find(&table, name, APP_TABLE_NAME_MAX), E_OK);
	TEST_EQUAL(app_table_find(&table, name, 1), E_BUSY);
	TEST_EQUAL(app_table_find_fixed(&table, 1), E_BUSY);
	TEST_EQUAL(app_table_raise(&table, 1, 1), E_BUSY);
	TEST_EQUAL(answer_of(E_OK), E_OK);
	TEST_EQUAL(last.short_id, (uint32_t)FIRST);
}

static void noted(struct storage_request *request, enum error status)
{
	(void)request;
	TEST_EQUAL(status, E_OK);
}

/* Puts a value into the kernel's space, as nobody should. */
static void put(const char *key, const void *value, uint16_t length)
{
	static const struct storage_request_ops ops = {.finished = noted};
	uint8_t whole[16] = {STORAGE_KERNEL};
	struct kv_change change = {
		.key = whole,
		.key_length = (uint8_t)(1 + strlen(key)),
		.value = value,
		.value_length = length,
		.mode = KV_SET,
	};
	struct storage_request request = {
		.ops = &ops, .operation = STORAGE_COMMIT, .changes = &change, .change_count = 1};

	memcpy(whole + 1, key, strlen(key));
	TEST_EQUAL(storage_submit_kernel(&storage, &request, NULL), E_OK);
	fake_run_deferred();
}

static void what_is_wrong_in_the_store(void)
{
	static const uint8_t end[4] = {0xFF, 0xFF, 0xFF, 0xFF};

	begin();
	TEST_EQUAL(id_of("old"), (uint32_t)FIRST);
	put("N", end, 4); /* every id was given */
	TEST_EQUAL(find("new"), E_NOMEM);
	TEST_EQUAL(id_of("old"), (uint32_t)FIRST);
	put("Aodd", end, 3);
	TEST_EQUAL(find("odd"), E_FAIL);
}

static void a_full_store(void)
{
	uint32_t count = 0;
	char name[40] = "an application with a long name, 000";

	begin();
	for (; count < 1000; count++) {
		name[35] = (char)('0' + count % 10);
		name[34] = (char)('0' + count / 10 % 10);
		name[33] = (char)('0' + count / 100);
		if (find(name) != E_OK)
			break;
		TEST_EQUAL(last.short_id, (uint32_t)FIRST + count);
	}
	TEST_EQUAL(last.status, E_NOMEM);
	TEST_CHECK(count > 20);
	power_off_and_on();
	memcpy(name + 33, "000", 3);
	TEST_EQUAL(id_of(name), (uint32_t)FIRST);
	TEST_EQUAL(find("one more with a name that is as long"), E_NOMEM); /* no id was lost */
}

int main(void)
{
	ids_are_given_once();
	floors_never_sink();
	wrong_calls();
	what_is_wrong_in_the_store();
	a_full_store();
	return test_end("capsule_app_table");
}
