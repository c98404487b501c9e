/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Applications that come and go while the system runs, and their bytes. */
#include "kernel/app_loading.h"

#include "app_binary.h"
#include "arch_host.h"
#include "host/host.h"
#include "kernel/app_check.h"
#include "loader.h"
#include "trusted/capability.h"

#include <string.h>

static const struct cap_app_loading cap;

static struct host_app *one_process(const struct host_config *config)
{
	struct host_app *app;

	host_board_start(config);
	app = host_script_add_image(&(struct host_image_options){.name = "one", .total_size = 512});
	host_run();
	return app;
}

/* Puts one more image behind what there is; its offset in the region. */
static uint32_t add(const struct host_image_options *options)
{
	static uint8_t bytes[4096];
	uint32_t size = host_image_build(bytes, sizeof(bytes), options);

	return host_flash_add(bytes, size) - app_region_address(&cap);
}

HOST_TEST(an_application_is_loaded_and_unloaded)
{
	struct host_app *app = one_process(NULL);
	uint32_t first = host_info(app).flash_start - app_region_address(&cap);
	uint32_t second = add(&(struct host_image_options){.name = "two", .total_size = 512});

	TEST_EQUAL(app_load(&cap, first), E_ALREADY);
	TEST_CHECK(process_id_is_none(app_process(&cap, second)));
	TEST_EQUAL(app_load(&cap, second), E_OK);
	TEST_EQUAL(app_offset_of(&cap, app_process(&cap, second)), second);
	TEST_CHECK(!process_id_equal(app_process(&cap, second), app_process(&cap, first)));

	struct process_id gone = app_process(&cap, second);

	TEST_EQUAL(app_unload(&cap, second), E_OK);
	TEST_EQUAL(app_offset_of(&cap, gone), UINT32_MAX);
	TEST_EQUAL(app_unload(&cap, second), E_NODEVICE);
	TEST_EQUAL(app_load(&cap, second), E_OK);
	TEST_EQUAL(app_offset_of(&cap, gone), UINT32_MAX); /* another life, another handle */
}

HOST_TEST(what_is_no_application_is_not_loaded)
{
	struct host_app *app = one_process(NULL);
	uint32_t free = host_info(app).flash_end - app_region_address(&cap);
	uint32_t off = add(
		&(struct host_image_options){.name = "off", .total_size = 512, .disabled = true});
	uint32_t gap = add(&(struct host_image_options){.padding = true, .total_size = 512});

	TEST_EQUAL(free, off);
	TEST_EQUAL(app_load(&cap, off), E_FAIL);
	TEST_EQUAL(app_load(&cap, gap), E_FAIL);
	TEST_EQUAL(app_load(&cap, gap + 512), E_FAIL);
	TEST_EQUAL(app_load(&cap, app_region_size(&cap)), E_FAIL);
}

/* What is written into an application's own bytes may look like another's header. */
HOST_TEST(only_what_the_row_leads_to_is_loaded)
{
	static uint8_t bytes[512];
	struct host_app *app = one_process(NULL);
	uint32_t outer = add(&(struct host_image_options){.name = "outer", .total_size = 2048});
	uint8_t *flash = (uint8_t *)arch_kernel_pointer(app_region_address(&cap) + outer);

	(void)app;
	TEST_EQUAL(
		host_image_build(bytes, sizeof(bytes),
				 &(struct host_image_options){.name = "inner", .total_size = 512}),
		512);
	memcpy(flash + 1024, bytes, sizeof(bytes));
	TEST_EQUAL(app_load(&cap, outer + 1024), E_FAIL);
	TEST_CHECK(process_id_is_none(app_process(&cap, outer + 1024)));
	TEST_EQUAL(app_load(&cap, outer), E_OK);
}

HOST_TEST(a_region_under_repair_loads_nothing)
{
	struct host_app *app = one_process(NULL);
	uint32_t second = add(&(struct host_image_options){.name = "two", .total_size = 512});

	(void)app;
	app_loading_hold(&cap, true);
	loader_load_all();
	loader_load_admitted(true);
	TEST_EQUAL(app_load(&cap, second), E_FAIL);
	app_loading_forget(&cap, second,
			   512); /* where nothing is checked there is nothing to forget */
	TEST_CHECK(process_id_is_none(app_process(&cap, second)));
	app_loading_hold(&cap, false);
	loader_load_all();
	TEST_CHECK(!process_id_is_none(app_process(&cap, second)));
}

HOST_TEST(the_region_is_read_and_looked_at)
{
	struct host_app *app = one_process(NULL);
	struct process_info info = host_info(app);
	uint32_t offset = info.flash_start - app_region_address(&cap);
	struct app_region_item item;
	uint8_t bytes[16];

	app_region_read(&cap, offset, bytes, sizeof(bytes));
	TEST_CHECK(memcmp(bytes, arch_kernel_pointer(info.flash_start), sizeof(bytes)) == 0);
	app_region_look(&cap, offset, &item);
	TEST_EQUAL(item.kind, APP_REGION_APP);
	TEST_EQUAL(item.next, offset + 512);
	app_region_look(&cap, item.next, &item);
	TEST_EQUAL(item.kind, APP_REGION_END);
}

HOST_TEST(only_whom_the_policy_names_installs)
{
	static const struct process_policy policies[] = {{.name = "one", .installs = true}};
	struct host_app *app =
		one_process(&(struct host_config){.policies = policies, .policy_count = 1});
	uint32_t second = add(&(struct host_image_options){.name = "two", .total_size = 512});
	struct process_id id = host_info(app).id;

	TEST_CHECK(process_may_install(id));
	id.raw += 1u << 8; /* another life */
	TEST_CHECK(!process_may_install(id));
	TEST_EQUAL(app_load(&cap, second), E_OK);
	TEST_CHECK(!process_may_install(app_process(&cap, second)));
}

/* ---- a binary as bytes, its first ones perhaps not in flash yet ---- */

HOST_TEST(a_binary_lies_within_the_region)
{
	uint32_t start, size;

	host_board_start(NULL);
	start = app_region_address(&cap);
	size = app_region_size(&cap);
	TEST_CHECK(app_binary_ok(&(struct app_binary){start, size}));
	TEST_CHECK(!app_binary_ok(&(struct app_binary){start, size + 1}));
	TEST_CHECK(!app_binary_ok(&(struct app_binary){start - 1, 1}));
	TEST_CHECK(!app_binary_ok(&(struct app_binary){start + size + 1, 0}));
}

HOST_TEST(its_bytes_are_those_in_flash)
{
	struct host_app *app = one_process(NULL);
	struct process_info info = host_info(app);
	const uint8_t *flash = arch_kernel_pointer(info.flash_start);
	struct app_binary binary = {info.flash_start, 512};
	uint8_t bytes[4];

	TEST_CHECK(app_binary_copy(&binary, 2, bytes, 4));
	TEST_CHECK(memcmp(bytes, flash + 2, 4) == 0);
	TEST_CHECK(app_binary_copy(&binary, 512, bytes, 0));
	TEST_CHECK(!app_binary_copy(&binary, 509, bytes, 4));
	TEST_CHECK(!app_binary_copy(&binary, 513, bytes, 0));
}

static enum error checked;

static void note(struct app_check *check, enum error status)
{
	(void)check;
	checked = status;
}

HOST_TEST(padding_is_no_application)
{
	static const struct app_check_ops ops = {.checked = note};
	static const struct cap_app_check right;
	struct host_app *app = one_process(NULL);
	uint32_t gap = add(&(struct host_image_options){.padding = true, .total_size = 512});
	struct app_check check = {.ops = &ops, .binary = {app_region_address(&cap) + gap, 512}};

	checked = E_OK;
	TEST_EQUAL(app_check_start(&right, &check), E_OK);
	host_call(app, SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	TEST_EQUAL(checked, E_INVAL);
	TEST_CHECK(strcmp(check.reason, "it is only padding") == 0);
}
