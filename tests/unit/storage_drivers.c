/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The storage drivers on the storage core, the store and a flash in memory.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c capsules/src/storage.c capsules/src/storage_area.c \
 *	capsules/src/area_driver.c capsules/src/kv_driver.c capsules/src/isolated_storage_driver.c \
 *	capsules/src/nonvolatile_storage_driver.c capsules/src/flash_geometry_driver.c \
 *	capsules/src/app_flash_driver.c capsules/src/opensk_compat.c capsules/src/flash_mux.c chips/src/flash_ram.c \
 *	lib/storage_rights.c lib/kv.c lib/kv_append.c lib/kv_collect.c lib/kv_commit.c \
 *	lib/kv_find.c lib/kv_flash.c lib/kv_layout.c lib/kv_mount.c lib/kv_pages.c \
 *	lib/format.c lib/ring.c
 */
#include "capsules/app_flash_driver.h"
#include "capsules/flash_geometry_driver.h"
#include "capsules/flash_mux.h"
#include "capsules/isolated_storage_driver.h"
#include "capsules/kv_driver.h"
#include "capsules/nonvolatile_storage_driver.h"
#include "capsules/opensk_compat.h"
#include "chips/flash_ram.h"
#include "fake_kernel.h"
#include "test.h"

#include <string.h>

enum { PAGE = 4096, STORE_PAGES = 12, RAW_PAGES = 2, AREA = 1024, QUOTA = 6000, APP_BASE = 0x1000 };

static struct flash_ram flash, app_region;
static uint8_t medium[PAGE * (STORE_PAGES + RAW_PAGES)], written[FLASH_RAM_WRITTEN(sizeof(medium))];
static uint8_t apps[512 * 4], apps_written[FLASH_RAM_WRITTEN(sizeof(apps))];
static struct flash_mux mux;
static struct flash_part store_part, raw_part;
static struct storage storage;
static struct kv_page pages[STORE_PAGES];
static struct kv_driver kv_driver;
static struct area_driver isolated, nonvolatile;
static struct flash_geometry_driver geometry;
static struct app_flash_driver app_flash;
static uint8_t app_page[512];

/* What the kernel would say of the processes. */
static struct {
	struct process_id id;
	struct storage_rights rights;
	bool known;
} known[FAKE_PROCESSES];

bool process_storage_rights(struct process_id id, struct storage_rights *rights)
{
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++)
		if (known[i].known && process_id_equal(known[i].id, id)) {
			*rights = known[i].rights;
			return true;
		}
	return false;
}

/* Every process may write bytes 100 to 1100 of the region of applications. */
bool process_flash_writeable(struct process_id id, uint32_t address, uint32_t length,
			     uint32_t *offset)
{
	(void)id;
	*offset = address - APP_BASE;
	return *offset >= 100 && *offset <= 1100 && length <= 1100 - *offset;
}

static uint32_t own_end = 1536;

/* Its image begins with the region and ends there. */
bool process_flash_owns(struct process_id id, uint32_t offset, uint32_t length)
{
	(void)id;
	return offset <= own_end && length <= own_end - offset;
}

static struct process_id start_as(uint32_t slot, const char *name, uint32_t identity)
{
	struct process_id id = fake_start(name);

	known[slot].id = id;
	known[slot].known = identity != 0;
	storage_rights_own(&known[slot].rights, identity);
	return id;
}

static void attach_all(void)
{
	static const struct storage_config config = {.pages = pages, .quota = QUOTA};
	static const struct flash_region regions[] = {{.identity = 5, .first_page = 0, .pages = 2}};
	const struct flash_geometry_config raw = {&raw_part.flash, regions, 1};

	flash_mux_init(&mux, &flash.flash);
	TEST_EQUAL(flash_mux_attach(&mux, &store_part, 0, STORE_PAGES + 3), E_INVAL);
	TEST_EQUAL(flash_mux_attach(&mux, &store_part, 0, STORE_PAGES), E_OK);
	TEST_EQUAL(flash_mux_attach(&mux, &raw_part, STORE_PAGES, RAW_PAGES), E_OK);
	storage_init(&storage, &store_part.flash, &config);
	kv_driver_init(&kv_driver, &storage);
	isolated_storage_driver_init(&isolated, &storage, AREA);
	nonvolatile_storage_driver_init(&nonvolatile, &storage, AREA);
	flash_geometry_driver_init(&geometry, &raw);
	app_flash_driver_init(&app_flash, &app_region.flash, app_page);
	fake_add_driver(&kv_driver.driver);
	fake_add_driver(&isolated.driver);
	fake_add_driver(&nonvolatile.driver);
	fake_add_driver(&geometry.driver);
	fake_add_driver(&app_flash.driver);
}

static void begin(void)
{
	const struct flash_ram_layout layout = {medium, written, PAGE, STORE_PAGES + RAW_PAGES, 1};
	const struct flash_ram_layout app_layout = {apps, apps_written, 512, 4, 1};

	fake_reset();
	memset(known, 0, sizeof(known));
	flash_ram_init(&flash, &layout);
	flash_ram_init(&app_region, &app_layout);
	attach_all();
}

/* Lets everything happen that can. */
static void settle(void)
{
	fake_run_deferred();
}

static bool fails(struct syscall_return result, enum error error)
{
	return result.variant == SYSCALL_FAILURE && result.value == (uint32_t)error;
}

/* A key-value command of a process: what its upcall says, or the command's own error. */
static uint32_t kv(struct process_id id, uint32_t command, const char *key, const char *value)
{
	struct fake_upcall upcall;

	fake_allow_ro(&kv_driver.driver, id, 0, key, strlen(key));
	fake_allow_ro(&kv_driver.driver, id, 1, value, value == NULL ? 0 : strlen(value));

	struct syscall_return result = fake_command(&kv_driver.driver, id, command, 0, 0);

	if (result.variant != SYSCALL_SUCCESS)
		return 1000 + result.value;
	settle();
	TEST_CHECK(fake_yield(id, &upcall));
	return upcall.argument[0];
}

static char got[600];

/* As above for get; the value is in `got`. */
static uint32_t kv_get_text(struct process_id id, const char *key, size_t room)
{
	memset(got, 0, sizeof(got));
	fake_allow_rw(&kv_driver.driver, id, 0, got, room);
	return kv(id, 1, key, NULL);
}

static void key_value(void)
{
	begin();

	struct process_id a = start_as(0, "a", 1);
	struct process_id b = start_as(1, "b", 2);
	struct process_id nobody = start_as(2, "nobody", 0);

	TEST_EQUAL(fake_command(&kv_driver.driver, nobody, 0, 0, 0).variant, SYSCALL_SUCCESS);
	TEST_EQUAL(kv(nobody, 2, "key", "value"), 1000 + E_INVAL);
	TEST_EQUAL(kv(nobody, 1, "key", NULL), 1000 + E_INVAL);
	TEST_EQUAL(kv(a, 5, "key", "value"), E_NOSUPPORT);
	TEST_EQUAL(kv(a, 2, "key", "value"), E_OK);
	TEST_EQUAL(kv(a, 4, "key", "value"), E_NOSUPPORT);
	TEST_EQUAL(kv(a, 5, "key", "longer value"), E_OK);
	TEST_EQUAL(kv_get_text(a, "key", 100), E_OK);
	TEST_CHECK(strcmp(got, "longer value") == 0);
	TEST_EQUAL(kv_get_text(a, "key", 6), E_SIZE);
	TEST_CHECK(strcmp(got, "longer") == 0);
	/* Another's objects cannot be seen, replaced or removed. */
	TEST_EQUAL(kv_get_text(b, "key", 100), E_NOSUPPORT);
	TEST_CHECK(got[0] == '\0');
	TEST_EQUAL(kv(b, 2, "key", "stolen"), E_NOSUPPORT);
	TEST_EQUAL(kv(b, 3, "key", NULL), E_NOSUPPORT);
	TEST_EQUAL(kv(a, 3, "key", NULL), E_OK);
	TEST_EQUAL(kv(a, 3, "key", NULL), E_NOSUPPORT);
	TEST_EQUAL(kv(b, 2, "key", "mine now"), E_OK);
	TEST_EQUAL(kv(a, 6, "key", NULL), E_OK);
	TEST_EQUAL(kv_get_text(b, "key", 100), E_OK);
	TEST_CHECK(fails(fake_command(&kv_driver.driver, a, 7, 0, 0), E_NOSUPPORT));
}

static void key_value_rights_of_a_header(void)
{
	begin();

	struct process_id a = start_as(0, "a", 1);
	struct process_id reader = start_as(1, "reader", 2);

	known[1].rights = (struct storage_rights){.identity = 2, .readable = 1, .read = {1}};
	TEST_EQUAL(kv(a, 2, "key", "value"), E_OK);
	TEST_EQUAL(kv_get_text(reader, "key", 100), E_OK);
	TEST_EQUAL(kv(reader, 2, "key", "x"), 1000 + E_INVAL);
	TEST_EQUAL(kv(reader, 3, "key", NULL), E_NOSUPPORT);
	/* What one may modify keeps its label. */
	known[1].rights = (struct storage_rights){
		.identity = 2, .may_create = true, .modifiable = 1, .modify = {1}};
	TEST_EQUAL(kv(reader, 2, "key", "changed"), E_OK);
	TEST_EQUAL(kv_get_text(a, "key", 100), E_OK);
	TEST_CHECK(strcmp(got, "changed") == 0);
}

static void key_value_sizes(void)
{
	static char large[700];

	begin();
	memset(large, 'x', sizeof(large) - 1);

	struct process_id a = start_as(0, "a", 1);

	TEST_EQUAL(kv(a, 2, "", "v"), 1000 + E_RESERVE);
	TEST_EQUAL(kv(a, 2, large, "v"), 1000 + E_SIZE);
	TEST_EQUAL(kv(a, 1, large, NULL), 1000 + E_SIZE);
	TEST_EQUAL(kv(a, 2, "k", large), 1000 + E_SIZE);
	large[512] = '\0';
	large[64] = 'y';
	TEST_EQUAL(kv(a, 2, "k", large), E_OK);
	TEST_EQUAL(kv_get_text(a, "k", 600), E_OK);
	TEST_CHECK(strcmp(got, large) == 0);
	large[64] = '\0';
	TEST_EQUAL(kv(a, 2, large, ""), E_OK);
	TEST_EQUAL(kv_get_text(a, large, 600), E_OK);
}

/* One application fills its quota; the other's room is untouched, and less is possible again. */
static void quota(void)
{
	char key[] = "key 00", value[401];
	uint32_t error = E_OK;
	int count = 0;

	begin();
	memset(value, 'v', 400);
	value[400] = '\0';

	struct process_id a = start_as(0, "a", 1);
	struct process_id b = start_as(1, "b", 2);

	while (error == E_OK && count < 90) {
		key[4] = (char)('0' + count / 10);
		key[5] = (char)('0' + count % 10);
		error = kv(a, 2, key, value);
		count += error == E_OK ? 1 : 0;
	}
	TEST_EQUAL(error, E_NOMEM);
	TEST_EQUAL(count, QUOTA / 424);
	TEST_EQUAL(kv(b, 2, "other", value), E_OK);
	TEST_EQUAL(kv(a, 2, "key 01", value), E_OK);
	TEST_EQUAL(kv(a, 3, "key 02", NULL), E_OK);
	TEST_EQUAL(kv(a, 2, key, value), E_OK);
}

/* Two wait while one is served, one of them ends meanwhile; a new mount finds what was done. */
static void turns_and_power(void)
{
	struct fake_upcall upcall;

	begin();

	struct process_id a = start_as(0, "a", 1);
	struct process_id b = start_as(1, "b", 2);
	struct process_id c = start_as(2, "c", 3);
	struct process_id all[] = {a, b, c};
	static const char *const keys[] = {"a", "b", "c"};

	for (int i = 0; i < 3; i++) {
		fake_allow_ro(&kv_driver.driver, all[i], 0, keys[i], 1);
		fake_allow_ro(&kv_driver.driver, all[i], 1, "value", 5);
		TEST_EQUAL(fake_command(&kv_driver.driver, all[i], 2, 0, 0).variant,
			   SYSCALL_SUCCESS);
		TEST_CHECK(fails(fake_command(&kv_driver.driver, all[i], 2, 0, 0), E_NOMEM));
	}
	fake_end(b);
	settle();
	TEST_CHECK(fake_yield(a, &upcall) && upcall.argument[0] == E_OK);
	TEST_CHECK(fake_yield(c, &upcall) && upcall.argument[0] == E_OK);

	/* Power goes and comes: everything but the medium is new. */
	fake_reset();
	attach_all();
	a = start_as(0, "a", 1);
	b = start_as(1, "b", 2);
	c = start_as(2, "c", 3);
	TEST_EQUAL(kv_get_text(a, "a", 10), E_OK);
	TEST_EQUAL(kv_get_text(b, "b", 10), E_NOSUPPORT);
	TEST_EQUAL(kv_get_text(c, "c", 10), E_OK);
}

/* A process that ends while its own command is under way does no harm. */
static void ends_in_between(void)
{
	begin();
	for (int i = 0; i < 3; i++) {
		struct process_id a = start_as(0, "a", 1);

		fake_allow_ro(&kv_driver.driver, a, 0, "key", 3);
		fake_allow_ro(&kv_driver.driver, a, 1, "value", 5);
		TEST_EQUAL(fake_command(&kv_driver.driver, a, 2, 0, 0).variant, SYSCALL_SUCCESS);
		fake_end(a);
		fake_unload(0);
		settle();
	}

	struct process_id a = start_as(0, "a", 1);

	TEST_EQUAL(kv(a, 2, "key", "last"), E_OK);
	TEST_EQUAL(kv_get_text(a, "key", 100), E_OK);
	TEST_CHECK(strcmp(got, "last") == 0);
}

static uint32_t area(struct process_id id, bool write, uint32_t offset, void *bytes, size_t length)
{
	struct fake_upcall upcall;

	if (write)
		fake_allow_ro(&isolated.driver, id, 0, bytes, length);
	else
		fake_allow_rw(&isolated.driver, id, 0, bytes, length);

	struct syscall_return result = fake_command(&isolated.driver, id, write ? 3 : 2, offset, 0);

	if (result.variant != SYSCALL_SUCCESS)
		return 1000 + result.value;
	settle();
	TEST_CHECK(fake_yield(id, &upcall));
	TEST_EQUAL(upcall.number, write ? 2 : 1);
	return upcall.argument[0];
}

static void isolated_storage(void)
{
	static uint8_t in[AREA], out[AREA], all[AREA];

	begin();

	struct process_id a = start_as(0, "a", 1);
	struct process_id b = start_as(1, "b", 2);
	struct process_id nobody = start_as(2, "nobody", 0);

	TEST_CHECK(fails(fake_command(&isolated.driver, nobody, 1, 0, 0), E_NOSUPPORT));
	TEST_CHECK(fails(fake_command(&isolated.driver, nobody, 3, 0, 0), E_NOSUPPORT));
	TEST_EQUAL(fake_command(&isolated.driver, a, 1, 0, 0).variant, SYSCALL_SUCCESS);
	TEST_CHECK(fake_yields(a, 0, E_OK, AREA));
	TEST_EQUAL(area(a, true, 0, NULL, 0), E_RESERVE);
	TEST_EQUAL(area(a, true, AREA, in, 1), 1000 + E_INVAL);
	TEST_EQUAL(area(a, false, 1, out, AREA), 1000 + E_INVAL);
	TEST_EQUAL(area(a, true, UINT32_MAX, in, 2), 1000 + E_INVAL);
	for (uint32_t i = 0; i < AREA; i++)
		in[i] = (uint8_t)(i * 7 + 1);
	memset(all, 0xFF, sizeof(all));
	TEST_EQUAL(area(a, false, 0, out, AREA), E_OK);
	TEST_CHECK(memcmp(all, out, AREA) == 0);

	static const uint32_t pieces[][2] = {{0, 1}, {127, 2}, {100, 600}, {1000, 24}, {5, 1019}};

	for (uint32_t i = 0; i < ARRAY_LENGTH(pieces); i++) {
		TEST_EQUAL(area(a, true, pieces[i][0], in + i, pieces[i][1]), E_OK);
		memcpy(all + pieces[i][0], in + i, pieces[i][1]);
		TEST_EQUAL(area(a, false, 0, out, AREA), E_OK);
		TEST_CHECK(memcmp(all, out, AREA) == 0);
	}
	memset(all, 0xFF, sizeof(all));
	TEST_EQUAL(area(b, false, 0, out, AREA), E_OK);
	TEST_CHECK(memcmp(all, out, AREA) == 0);
}

static void nonvolatile_storage(void)
{
	uint8_t in[300], out[300] = {0};

	begin();

	struct process_id a = start_as(0, "a", 1);
	struct process_id nobody = start_as(1, "nobody", 0);
	struct driver *driver = &nonvolatile.driver;

	memset(in, 0x5A, sizeof(in));
	TEST_CHECK(fails(fake_command(driver, nobody, 1, 0, 0), E_NOSUPPORT));
	TEST_EQUAL(fake_command(driver, a, 1, 0, 0).value, AREA);
	TEST_CHECK(fails(fake_command(driver, a, 3, 0, 10), E_RESERVE));
	fake_allow_ro(driver, a, 0, in, sizeof(in));
	fake_allow_rw(driver, a, 0, out, sizeof(out));
	TEST_CHECK(fails(fake_command(driver, a, 3, AREA, 1), E_INVAL));
	TEST_EQUAL(fake_command(driver, a, 3, 50, 1000 - 50).variant, SYSCALL_SUCCESS);
	TEST_CHECK(fails(fake_command(driver, a, 2, 50, 10), E_NOMEM));
	settle();
	TEST_CHECK(fake_yields(a, 1, 300, 0)); /* what the buffer had */
	TEST_EQUAL(fake_command(driver, a, 2, 50, 200).variant, SYSCALL_SUCCESS);
	settle();
	TEST_CHECK(fake_yields(a, 0, 200, 0));
	TEST_CHECK(memcmp(in, out, 200) == 0 && out[200] == 0);
}

static uint32_t raw(struct process_id id, uint32_t command, uint32_t offset)
{
	struct fake_upcall upcall;
	struct syscall_return result = fake_command(&geometry.driver, id, command, offset, 0);

	if (result.variant != SYSCALL_SUCCESS)
		return 1000 + result.value;
	settle();
	TEST_CHECK(fake_yield(id, &upcall));
	return upcall.argument[0];
}

static void flash_geometry(void)
{
	uint8_t in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[200];

	begin();

	struct process_id key = start_as(0, "key", 5);
	struct process_id other = start_as(1, "other", 6);

	TEST_EQUAL(fake_command(&geometry.driver, other, 0, 0, 0).variant, SYSCALL_SUCCESS);
	for (uint32_t command = 1; command < 6; command++)
		TEST_EQUAL(raw(other, command, 0), 1000 + E_NOSUPPORT);
	TEST_EQUAL(fake_command(&geometry.driver, key, 1, 0, 0).value, 2 * PAGE);
	TEST_EQUAL(fake_command(&geometry.driver, key, 1, 1, 0).value, PAGE);
	TEST_EQUAL(fake_command(&geometry.driver, key, 1, 2, 0).value, 4);
	TEST_EQUAL(fake_command(&geometry.driver, key, 1, 3, 0).value, 1);
	TEST_EQUAL(raw(key, 1, 4), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 3, 0), 1000 + E_RESERVE);
	fake_allow_ro(&geometry.driver, key, 0, in, sizeof(in));
	fake_allow_rw(&geometry.driver, key, 0, out, sizeof(out));
	TEST_EQUAL(raw(key, 3, 2), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 3, 2 * PAGE - 4), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 3, UINT32_MAX - 3), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 2, 2 * PAGE - 100), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 4, 4), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 4, 2 * PAGE), 1000 + E_INVAL);
	TEST_EQUAL(raw(key, 3, 2 * PAGE - 8), E_OK);
	TEST_EQUAL(raw(key, 3, 2 * PAGE - 8), E_FAIL); /* a word is written once */
	TEST_EQUAL(raw(key, 2, 2 * PAGE - 200), E_OK);
	TEST_CHECK(memcmp(out + 192, in, 8) == 0 && out[0] == 0xFF);
	TEST_CHECK(memcmp(medium + sizeof(medium) - 8, in, 8) == 0);
	TEST_EQUAL(raw(key, 4, PAGE), E_OK);
	TEST_CHECK(medium[sizeof(medium) - 8] == 0xFF);
}

enum { OPENSK_ADDRESS = 0x40000 };

static struct opensk_compat opensk;

static uint32_t opensk_does(struct process_id id, uint32_t command, uint32_t address,
			    uint32_t length)
{
	struct fake_upcall upcall;
	struct syscall_return result =
		fake_command(&opensk.raw.driver, id, command, address, length);

	if (result.variant != SYSCALL_SUCCESS)
		return 1000 + result.value;
	settle();
	TEST_CHECK(fake_yield(id, &upcall) && upcall.number == 0);
	return upcall.argument[0];
}

static void opensk_driver(void)
{
	static const struct flash_region regions[] = {{.identity = 5, .first_page = 0, .pages = 2}};
	const struct opensk_compat_config config = {
		{&raw_part.flash, regions, 1}, OPENSK_ADDRESS, 10000};
	uint8_t in[8] = {1, 2, 3, 4, 5, 6, 7, 8};

	begin();
	opensk_compat_init(&opensk, &config);
	fake_add_driver(&opensk.raw.driver);

	struct process_id key = start_as(0, "key", 5);
	struct process_id other = start_as(1, "other", 6);
	static const uint32_t answers[] = {4, PAGE, 1, 10000};

	for (uint32_t i = 0; i < 4; i++)
		TEST_EQUAL(fake_command(&opensk.raw.driver, key, 1, i, 0).value, answers[i]);
	TEST_EQUAL(opensk_does(key, 1, 4, 0), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 2, OPENSK_ADDRESS, 8), 1000 + E_RESERVE);
	fake_allow_ro(&opensk.raw.driver, key, 0, in, sizeof(in));
	fake_allow_ro(&opensk.raw.driver, other, 0, in, sizeof(in));
	TEST_EQUAL(opensk_does(other, 2, OPENSK_ADDRESS, 8), 1000 + E_NOSUPPORT);
	TEST_EQUAL(opensk_does(other, 3, OPENSK_ADDRESS, PAGE), 1000 + E_NOSUPPORT);
	TEST_EQUAL(opensk_does(key, 2, OPENSK_ADDRESS, 4), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 2, OPENSK_ADDRESS - 4, 8), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 2, OPENSK_ADDRESS + 2 * PAGE - 4, 8), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 3, OPENSK_ADDRESS, 4), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 3, OPENSK_ADDRESS + 2 * PAGE, PAGE), 1000 + E_INVAL);
	TEST_EQUAL(opensk_does(key, 2, OPENSK_ADDRESS + PAGE, 8), E_OK);
	TEST_CHECK(memcmp(medium + (STORE_PAGES + 1) * PAGE, in, 8) == 0);
	TEST_EQUAL(opensk_does(key, 3, OPENSK_ADDRESS + PAGE, PAGE), E_OK);
	TEST_CHECK(medium[(STORE_PAGES + 1) * PAGE] == 0xFF);
}

static uint32_t save(struct process_id id, uint32_t offset, const void *bytes, size_t length)
{
	struct fake_upcall upcall;

	fake_allow_ro(&app_flash.driver, id, 0, bytes, length);

	struct syscall_return result = fake_command(&app_flash.driver, id, 1, APP_BASE + offset, 0);

	if (result.variant != SYSCALL_SUCCESS)
		return 1000 + result.value;
	settle();
	TEST_CHECK(fake_yield(id, &upcall));
	return upcall.argument[0];
}

static void application_flash(void)
{
	uint8_t in[900], before[sizeof(apps)];

	begin();

	struct process_id a = start_as(0, "a", 0);

	for (uint32_t i = 0; i < sizeof(apps); i++)
		apps[i] = (uint8_t)i;
	app_region.fresh = 0;
	memcpy(before, apps, sizeof(apps));
	memset(in, 0xA5, sizeof(in));
	TEST_EQUAL(save(a, 99, in, 10), 1000 + E_INVAL);
	TEST_EQUAL(save(a, 1091, in, 10), 1000 + E_INVAL);
	TEST_EQUAL(save(a, 100, NULL, 0), 1000 + E_RESERVE);
	TEST_CHECK(memcmp(before, apps, sizeof(apps)) == 0);
	TEST_EQUAL(save(a, 150, in, sizeof(in)), E_OK);
	memcpy(before + 150, in, sizeof(in));
	TEST_CHECK(memcmp(before, apps, sizeof(apps)) == 0);
	/* The next application begins in the page that holds bytes 1024 to 1535. */
	own_end = 1535;
	TEST_EQUAL(save(a, 1023, in, 2), 1000 + E_INVAL);
	TEST_EQUAL(save(a, 1024, in, 1), 1000 + E_INVAL);
	TEST_CHECK(memcmp(before, apps, sizeof(apps)) == 0);
	TEST_EQUAL(save(a, 1023, in, 1), E_OK);
	before[1023] = in[0];
	own_end = 1536;
	in[3] = 1;
	TEST_EQUAL(save(a, 150, in, 4), E_OK);
	memcpy(before + 150, in, 4);
	TEST_CHECK(memcmp(before, apps, sizeof(apps)) == 0);
}

int main(void)
{
	key_value();
	key_value_rights_of_a_header();
	key_value_sizes();
	quota();
	turns_and_power();
	ends_in_between();
	isolated_storage();
	nonvolatile_storage();
	flash_geometry();
	opensk_driver();
	application_flash();
	return test_end("storage_drivers");
}
