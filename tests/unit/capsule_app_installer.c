/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The installer between the store and a kernel that the test plays: what is refused
 * leaves nothing behind, and what is replaced ends when the new one counts.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c tests/unit/fake_region.c \
 *	capsules/src/app_installer.c chips/src/flash_ram.c lib/app_region.c lib/app_store.c lib/app_store_journal.c \
 *	lib/app_store_place.c lib/app_store_step.c lib/tbf.c lib/bytes.c lib/crc32.c lib/format.c lib/ring.c
 */
#include "capsules/app_installer.h"
#include "capsules/app_installer_state.h"
#include "chips/flash_ram.h"
#include "fake_kernel.h"
#include "fake_region.h"
#include "lib/bytes.h"
#include "tbf_app.h"
#include "test.h"

#include <string.h>

enum { PAGE = 512, PAGES = 16, SIZE = 1024, BASE = 0x20000, NOTHING = -1 };

static uint8_t region[PAGE * PAGES], written[FLASH_RAM_WRITTEN(sizeof(region))], page[PAGE];
static struct flash_ram flash;
static struct app_installer installer;
static uint8_t binary[SIZE];
const struct fake_region fake_region = {BASE, region, sizeof(region)};

/* What the kernel answers, and what it was asked. */
static struct {
	enum error check_start, check;
	uint32_t checks, unloads, unloaded, loads, held;
	uint32_t forgotten, forgotten_length;
	struct app_check *pending;
} kernel;

void app_loading_hold(const struct cap_app_loading *cap, bool hold)
{
	(void)cap;
	kernel.held = hold;
}

void app_loading_forget(const struct cap_app_loading *cap, uint32_t offset, uint32_t length)
{
	(void)cap;
	kernel.forgotten = offset;
	kernel.forgotten_length = length;
}

enum error app_load(const struct cap_app_loading *cap, uint32_t offset)
{
	(void)cap;
	(void)offset;
	kernel.loads++;
	return E_OK;
}

enum error app_unload(const struct cap_app_loading *cap, uint32_t offset)
{
	(void)cap;
	kernel.unloads++;
	kernel.unloaded = offset;
	return E_OK;
}

bool process_may_install(struct process_id process)
{
	return process.raw != 0 && process.raw < 100;
}

enum error app_check_start(const struct cap_app_check *cap, struct app_check *check)
{
	(void)cap;
	kernel.checks++;
	if (kernel.check_start == E_OK)
		kernel.pending = check;
	return kernel.check_start;
}

/* ---- requests ---- */

static int result;

static void finished(struct app_installer_request *request, enum error status)
{
	(void)request;
	result = (int)status;
}

static const struct app_installer_request_ops ops = {.finished = finished};
static struct app_installer_request request = {.ops = &ops};

static void settle(void)
{
	fake_run_deferred();
	while (kernel.pending != NULL) {
		struct app_check *check = kernel.pending;

		kernel.pending = NULL;
		check->reason = kernel.check == E_OK ? NULL : "it has no signature";
		check->ops->checked(check, kernel.check);
		fake_run_deferred();
	}
}

static enum error ask(uint32_t operation, uint32_t offset, uint32_t length)
{
	request.operation = operation;
	request.offset = offset;
	request.length = length;
	request.bytes = binary;
	result = NOTHING;

	enum error error = app_installer_submit(&installer, &request);

	TEST_EQUAL(result, NOTHING); /* nobody is called from inside of his own call */
	if (error != E_OK)
		return error;
	TEST_EQUAL(app_installer_submit(&installer, &request), E_BUSY);
	settle();
	return (enum error)result;
}

static void make(uint32_t version)
{
	memset(binary, 0, sizeof(binary));
	tbf_app_header(binary, SIZE);
	le32_store(binary + TBF_APP_VERSION, version);
	tbf_app_seal(binary, TBF_APP_HEADER);
}

static enum error install(uint32_t instead)
{
	enum error error = ask(APP_INSTALLER_RESERVE, APP_INSTALLER_ANY, SIZE);

	if (error == E_OK)
		error = ask(APP_INSTALLER_WRITE, 0, SIZE);
	return error == E_OK ? ask(APP_INSTALLER_FINALIZE, instead, 0) : error;
}

/* Versions of the applications in the row, as digits of a number. */
static uint32_t row(void)
{
	struct app_region_item item = {.next = 0};
	uint32_t versions = 0;

	for (;;) {
		app_region_at(region, sizeof(region), item.next, &item);
		if (item.kind == APP_REGION_END)
			return versions;
		if (item.kind == APP_REGION_APP)
			versions = versions * 10 + item.info.app_version;
	}
}

static void start(void)
{
	static const struct flash_ram_layout layout = {
		.bytes = region,
		.written = written,
		.page_bytes = PAGE,
		.pages = PAGES,
		.writes_per_word = 1,
	};
	const struct app_installer_config config = {
		.flash = &flash.flash, .page = page, .granule = PAGE};

	fake_reset();
	memset(&kernel, 0, sizeof(kernel));
	memset(region, 0xFF, sizeof(region)); /* it is read as memory, not as flash */
	flash_ram_init(&flash, &layout);
	app_installer_init(&installer, &config);
	make(1);
}

static void test_accepted(void)
{
	start();
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_OK);
	TEST_EQUAL(row(), 1);
	TEST_EQUAL(request.offset, 0);
	TEST_EQUAL(app_installer_finalized(&installer), 0);
	TEST_EQUAL(kernel.checks, 1);
	TEST_EQUAL(kernel.unloads, 0);
	TEST_CHECK(app_installer_reason(&installer) == NULL);
	TEST_CHECK(!app_installer_is_writing(&installer));
	TEST_EQUAL(ask(APP_INSTALLER_LOAD, 0, 0), E_OK);
	TEST_EQUAL(kernel.loads, 1);
	kernel.forgotten_length = 0;
	TEST_EQUAL(ask(APP_INSTALLER_REMOVE, 0, 0), E_OK);
	TEST_EQUAL(kernel.unloads, 1);
	TEST_EQUAL(kernel.forgotten, 0);
	TEST_CHECK(kernel.forgotten_length != 0);
	TEST_EQUAL(row(), 0);
	TEST_EQUAL(ask(APP_INSTALLER_REMOVE, 0, 0), E_INVAL);
	TEST_EQUAL(kernel.unloads, 1);
}

static void test_refused(void)
{
	start();
	kernel.check = E_NOSUPPORT;
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_NOSUPPORT);
	TEST_EQUAL(row(), 0);
	TEST_CHECK(kernel.unloads != 0); /* a pass may have loaded it meanwhile */
	TEST_EQUAL(kernel.unloaded, 0);
	TEST_CHECK(strcmp(app_installer_reason(&installer), "it has no signature") == 0);
	TEST_EQUAL(app_installer_finalized(&installer), APP_INSTALLER_ANY);
	TEST_CHECK(!app_installer_is_writing(&installer));
	kernel.check = E_OK;
	kernel.check_start = E_BUSY;
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_FAIL);
	TEST_EQUAL(row(), 0);
	kernel.check_start = E_OK;
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_OK);
	TEST_EQUAL(request.offset, 0); /* the space of those that were refused */
	TEST_EQUAL(row(), 1);
}

static void test_update(void)
{
	start();
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_OK);
	make(2);
	kernel.check = E_NOSUPPORT;
	TEST_EQUAL(install(0), E_NOSUPPORT);
	TEST_EQUAL(row(), 1);
	TEST_EQUAL(kernel.unloaded, SIZE); /* itself, not the one it was to replace */
	kernel.check = E_OK;
	TEST_EQUAL(install(PAGE), E_INVAL); /* no application begins there */
	TEST_EQUAL(row(), 1);
	TEST_EQUAL(kernel.unloaded, SIZE);
	kernel.unloads = 0;
	TEST_EQUAL(install(0), E_OK);
	TEST_EQUAL(row(), 2);
	TEST_EQUAL(kernel.unloads, 1);
	TEST_EQUAL(kernel.unloaded, 0);
	TEST_EQUAL(request.offset, SIZE);
}

static void test_reserved_is_forgotten(void)
{
	start();
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_OK);
	kernel.forgotten_length = 0;
	TEST_EQUAL(ask(APP_INSTALLER_RESERVE, APP_INSTALLER_ANY, SIZE / 2), E_OK);
	TEST_EQUAL(kernel.forgotten, SIZE);
	TEST_EQUAL(kernel.forgotten_length, SIZE / 2);
}

static void test_repair_that_fails(void)
{
	start();
	for (int i = 0; i < 2; i++) {
		installer.request = &installer.recovery;
		installer.phase = 7; /* ENDING */
		installer.status = i == 0 ? E_FAIL : E_OK;
		kernel.held = true;
		deferred_set(&installer.deferred);
		fake_run_deferred();
		TEST_EQUAL(kernel.held, i == 0);
	}
}

static void test_damaged_header(void)
{
	start();
	binary[20] ^= 1;
	TEST_EQUAL(install(APP_INSTALLER_ANY), E_INVAL);
	TEST_EQUAL(kernel.checks, 0);
	TEST_EQUAL(row(), 0);
	TEST_CHECK(app_installer_reason(&installer) != NULL);
	TEST_EQUAL(ask(APP_INSTALLER_FINALIZE, APP_INSTALLER_ANY, 0), E_OFF);
}

static void test_session(void)
{
	const struct process_id one = {1}, two = {2}, nobody = {100};

	start();
	TEST_EQUAL(app_installer_claim(&installer, nobody), E_NODEVICE);
	TEST_EQUAL(app_installer_claim(&installer, one), E_OK);
	TEST_EQUAL(ask(APP_INSTALLER_RESERVE, APP_INSTALLER_ANY, SIZE), E_OK);
	TEST_EQUAL(app_installer_claim(&installer, one), E_OK);
	TEST_EQUAL(app_installer_claim(&installer, two), E_BUSY);
	TEST_CHECK(app_installer_is_writing(&installer));
	installer.owner = nobody; /* it has ended */
	TEST_EQUAL(app_installer_claim(&installer, two), E_OK);
	TEST_CHECK(!app_installer_is_writing(&installer));
	app_installer_release(&installer);
	TEST_EQUAL(app_installer_claim(&installer, one), E_OK);
}

int main(void)
{
	test_accepted();
	test_refused();
	test_update();
	test_reserved_is_forgotten();
	test_repair_that_fails();
	test_damaged_header();
	test_session();
	return test_end("capsule_app_installer");
}
