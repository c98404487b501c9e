/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a process may store, and the region of applications as memory. */
#include "arch_host.h"
#include "host/host.h"
#include "kernel/storage_permissions.h"
#include "trusted/app_memory.h"

#include <string.h>

static struct host_app *with_tlvs(const void *tlvs, uint32_t length, uint32_t short_id)
{
	struct host_app *app = host_script_add_image(&(struct host_image_options){
		.name = "stores", .short_id = short_id, .tlvs = tlvs, .tlvs_length = length});

	host_run();
	return app;
}

static struct process_id id_of(struct host_app *app)
{
	return host_info(app).id;
}

/* TLV 7: the identifier to write as, then counts and identifiers to read and to modify. */
static const uint16_t storage_tlv[] = {7, 4 + 2 + 4 + 2, 9, 0, 1, 55, 0, 0};

HOST_TEST(rights_come_from_the_header)
{
	struct storage_rights rights;
	struct host_app *app;

	host_board_start(NULL);
	app = with_tlvs(storage_tlv, sizeof(storage_tlv), 77);
	TEST_CHECK(process_storage_rights(id_of(app), &rights));
	TEST_EQUAL(rights.identity, 77);
	TEST_CHECK(storage_rights_read(&rights, 55));
	TEST_CHECK(!storage_rights_modify(&rights, 55));
	TEST_CHECK(!storage_rights_read(&rights, 54));
}

HOST_TEST(an_application_owns_what_it_stores)
{
	struct storage_rights rights;
	struct host_app *app;

	host_board_start(NULL);
	app = with_tlvs(NULL, 0, 77);
	TEST_CHECK(process_storage_rights(id_of(app), &rights));
	TEST_CHECK(rights.may_create && storage_rights_modify(&rights, 77));
	TEST_CHECK(!storage_rights_read(&rights, 0));
	host_terminate(app);
	TEST_CHECK(!process_storage_rights(id_of(app), &rights));
	TEST_CHECK(!process_storage_rights(process_id_none(), &rights));
}

HOST_TEST(without_identity_there_is_no_storage)
{
	struct storage_rights rights;
	struct host_app *app;

	host_board_start(NULL);
	app = with_tlvs(storage_tlv, sizeof(storage_tlv), 0);
	TEST_CHECK(!process_storage_rights(id_of(app), &rights));
	TEST_EQUAL(rights.identity, 0);
}

HOST_TEST(a_board_may_believe_what_applications_claim)
{
	static const uint16_t no_identity[] = {7, 8, 0, 0, 0, 0};
	const struct process_policy policy = {.timeslice_us = 10000, .storage = STORAGE_BY_CLAIM};
	struct storage_rights first, second;
	struct host_app *claims, *named, *zero, *nameless;

	host_board_start(&(struct host_config){.policy = policy});
	claims = host_script_add_image(&(struct host_image_options){
		.name = "one", .tlvs = storage_tlv, .tlvs_length = sizeof(storage_tlv)});
	named = host_script_add("one");
	zero = host_script_add_image(&(struct host_image_options){
		.name = "one", .tlvs = no_identity, .tlvs_length = sizeof(no_identity)});
	nameless = host_script_add_image(&(struct host_image_options){.total_size = 4096});
	host_run();
	TEST_CHECK(process_storage_rights(id_of(claims), &first));
	TEST_EQUAL(first.identity, 9);
	TEST_CHECK(process_storage_rights(id_of(named), &first));
	TEST_CHECK(process_storage_rights(id_of(zero), &second));
	TEST_EQUAL(first.identity, second.identity);
	TEST_CHECK(first.identity >= 0x80000000);
	TEST_CHECK(!second.may_create);
	TEST_CHECK(!process_storage_rights(id_of(nameless), &first));
}

HOST_TEST(a_malformed_header_gives_no_rights)
{
	static const uint16_t cut[] = {7, 8, 9, 0, 200, 0};
	static const uint8_t huge[4 + 200] = {7, 0, 200, 0, 9};
	const void *tlvs[] = {cut, huge};
	const uint32_t lengths[] = {sizeof(cut), sizeof(huge)};
	struct storage_rights rights;
	struct host_app *apps[2];

	host_board_start(NULL);
	for (unsigned int i = 0; i < 2; i++)
		apps[i] = host_script_add_image(&(struct host_image_options){
			.short_id = 5, .tlvs = tlvs[i], .tlvs_length = lengths[i]});
	host_run();
	for (unsigned int i = 0; i < 2; i++)
		if (host_process(apps[i]) != NULL) {
			TEST_CHECK(!process_storage_rights(id_of(apps[i]), &rights));
			TEST_CHECK(!rights.may_create && rights.readable == 0);
		}
	TEST_CHECK(host_process(apps[0]) != NULL);
}

HOST_TEST(only_declared_flash_is_writeable)
{
	static const uint32_t tlv[] = {2 | 24 << 16, 0, 64, 1024, 512, 2048, 1024};
	struct host_app *app;
	uint32_t offset = 0;
	uint32_t start;

	host_board_start(NULL);
	app = with_tlvs(tlv, sizeof(tlv), 0);
	start = host_flash(app, 0);
	TEST_CHECK(process_flash_writeable(id_of(app), start + 1024, 512, &offset));
	TEST_EQUAL(offset, start + 1024 - HOST_FLASH_START);
	TEST_CHECK(process_flash_writeable(id_of(app), start + 3071, 1, &offset));
	TEST_CHECK(!process_flash_writeable(id_of(app), start + 1024, 513, &offset));
	TEST_CHECK(!process_flash_writeable(id_of(app), start + 1024, 0, &offset));
	TEST_CHECK(!process_flash_writeable(id_of(app), start + 1023, 1, &offset));
	TEST_CHECK(!process_flash_writeable(id_of(app), start + 3072, 1, &offset));
	TEST_CHECK(!process_flash_writeable(id_of(app), UINT32_MAX, 2, &offset));
	/* The first region holds the header, and is not given away. */
	TEST_CHECK(!process_flash_writeable(id_of(app), start, 4, &offset));
	offset = start - HOST_FLASH_START;
	TEST_CHECK(process_flash_owns(id_of(app), offset, 512));
	TEST_CHECK(!process_flash_owns(id_of(app), offset - 1, 512));
	TEST_CHECK(!process_flash_owns(id_of(app), offset, 0x100000));
	host_terminate(app);
	TEST_CHECK(!process_flash_writeable(id_of(app), start + 1024, 4, &offset));
	TEST_CHECK(!process_flash_owns(id_of(app), offset, 512));
}

HOST_TEST(the_region_of_applications_can_be_rewritten_by_pages)
{
	struct host_app *app;
	uint8_t bytes[8] = {0};
	uint32_t size = app_memory_size();

	host_board_start(NULL);
	app = host_script_add("one");
	host_command(app, DRIVER_LED, 0, 0, 0);
	TEST_CHECK(app_memory_write(4096 + 100, "written", 8));
	TEST_CHECK(app_memory_read(4096 + 100, bytes, 8));
	TEST_CHECK(memcmp(bytes, "written", 8) == 0);
	TEST_CHECK(app_memory_write(0, bytes, 0));
	TEST_CHECK(!app_memory_write(4090, bytes, 8)); /* crosses a page */
	TEST_CHECK(!app_memory_write(size - 4, bytes, 8));
	TEST_CHECK(!app_memory_write(size + 4, bytes, 8));
	TEST_CHECK(!app_memory_read(size - 4, bytes, 8));
	host_hardware.refuse_plans = 1;
	TEST_CHECK(!app_memory_write(4096, bytes, 8));
	TEST_CHECK(host_loaded_plan() == NULL);
	host_interrupt(0);
	TEST_EQUAL(host_command(app, DRIVER_LED, 0, 0, 0).r[1], 4);
}
