/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The drivers that install (0x10001, 0xD0003), the installer, the store and what a board
 * that requires credentials remembers of its checks, over a region in RAM with damaged contents.
 * The input is what several processes command, when a check and the keeping of a version
 * end, and what the region held before. The loader and the checker are played: the latter
 * accepts by a sum over the bytes, so that what runs can be compared with what it said.
 */
#include "abi/app_manager.h"
#include "abi/tbf.h"
#include "admission.h"
#include "app_admission.h"
#include "app_binary.h"
#include "app_identity_private.h"
#include "capsules/app_installer_state.h"
#include "capsules/app_loader_driver.h"
#include "capsules/app_manager_driver.h"
#include "chips/flash_ram.h"
#include "fake_kernel.h"
#include "fake_region.h"
#include "fuzz.h"
#include "kernel/app_checker.h"
#include "lib/crc32.h"
#include "loader.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGE = 512,
	PAGES = 24,
	SIZE = PAGE * PAGES,
	BASE = 0x20000,
	SLOTS = 6,
	STEPS = 250,
	DAMAGES = 8,
	IDS = 4, /* short ids that binaries have */
};

static uint8_t region[SIZE], written[FLASH_RAM_WRITTEN(SIZE)], page[PAGE], binary[4 * PAGE];
static uint8_t answer[128];
const struct fake_region fake_region = {BASE, region, SIZE};
static struct flash_ram flash;
static struct app_installer installer;
static struct app_loader_driver loader;
static struct app_manager_driver manager;
static struct process_id users[2];
static struct process slots[SLOTS];
static uint32_t run_sum[SLOTS]; /* of the bytes that the process was made of */
static struct app_check *checking;
static const struct app_identity *keeping;
static uint32_t floors[IDS], damaged_before;
static uint32_t first_id; /* of this run: what is remembered of others is not about it */
static bool loading_held;

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	printf("fuzz_installer: %s\n", what);
	abort();
}

void host_end_program(int status)
{
	exit(status);
}

/* ---- the policy ---- */

/* Of all but the words that an installer may change: flags and checksum. */
static uint32_t sum_of(uint32_t offset, uint32_t size)
{
	uint32_t sum = crc32(0, region + offset, 8);

	return crc32(sum, region + offset + 16, size - 16);
}

static bool is_acceptable(uint32_t offset, uint32_t size)
{
	return sum_of(offset, size) % 4 != 0;
}

static void played_check(struct app_checker *checker, struct app_check *request,
			 const struct tbf_info *info)
{
	(void)checker;
	checking = request;
	request->identity.version = info->app_version;
	request->identity.short_id = first_id + info->min_ram % IDS;
	request->identity.credential = TBF_CREDENTIAL_SHA256;
	request->floor = floors[request->identity.short_id % IDS];
}

static void played_keep(struct app_checker *checker, const struct app_identity *identity)
{
	(void)checker;
	keeping = identity;
}

static const struct app_checker_ops checker_ops = {played_check, played_keep};
static struct app_checker checker = {&checker_ops};
const struct board board = {.checker = &checker, .processes = slots, .process_count = SLOTS};

static void end_check(void)
{
	struct app_check *request = checking;
	uint32_t offset;

	if (request == NULL)
		return;
	checking = NULL;
	offset = request->binary.address - BASE;

	struct tbf_info info;

	if (tbf_parse(region + offset, request->binary.size, &info) != TBF_OK)
		request->reason = "changed";
	else if (request->identity.version < request->floor)
		request->reason = "a newer version of it has run";
	else
		request->reason = is_acceptable(offset, info.total_size) ? NULL : "not signed";
	app_checker_answer(NULL, request->reason == NULL ? E_OK : E_NOSUPPORT);
}

static void end_keep(bool works)
{
	if (keeping == NULL)
		return;
	if (works && floors[keeping->short_id % IDS] < keeping->version)
		floors[keeping->short_id % IDS] = keeping->version;
	keeping = NULL;
	app_checker_kept(NULL, works ? E_OK : E_FAIL);
}

/* ---- the kernel ---- */

bool app_binary_ok(const struct app_binary *wanted)
{
	return wanted->address >= BASE && wanted->address <= BASE + SIZE &&
	       wanted->size <= BASE + SIZE - wanted->address;
}

bool app_binary_copy(const struct app_binary *from, uint32_t offset, uint8_t *to, uint32_t length)
{
	check(from->address - BASE + offset + length <= SIZE, "a copy stays in the region");
	memcpy(to, region + (from->address - BASE) + offset, length);
	return true;
}

enum tbf_status app_binary_parse(const struct app_binary *from, struct tbf_info *info)
{
	return tbf_parse(region + (from->address - BASE), from->size, info);
}

struct app_identity app_identity_claimed(const struct tbf_info *info)
{
	return (struct app_identity){.version = info->app_version, .key = APP_NO_KEY};
}

void *arch_kernel_pointer(uptr_t address)
{
	return region + (address - BASE);
}

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	return regions->code_end;
}

void app_loading_hold(const struct cap_app_loading *cap, bool hold)
{
	(void)cap;
	loading_held = hold;
}

void app_loading_forget(const struct cap_app_loading *cap, uint32_t offset, uint32_t length)
{
	(void)cap;
	app_admission_forget(BASE + offset, length);
}

static struct process *process_at(uint32_t offset)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		if (slots[i].state != PROCESS_UNUSED && slots[i].flash_start == BASE + offset)
			return &slots[i];
	return NULL;
}

/* The application of the row at `offset`. */
static bool find_in_row(uint32_t offset, struct app_region_item *item)
{
	item->next = 0;
	do
		app_region_at(region, SIZE, item->next, item);
	while (item->kind != APP_REGION_END && item->next <= offset);
	return item->kind == APP_REGION_APP && item->offset == offset;
}

static void make(struct process *process, const struct app_region_item *item,
		 const struct app_identity *identity)
{
	uint32_t slot = (uint32_t)(process - slots);

	check(is_acceptable(item->offset, item->info.total_size), "what runs was accepted");
	check(identity->version >= floors[identity->short_id % IDS],
	      "no version below the floor runs");
	for (uint32_t i = 0; i < SLOTS; i++)
		check(slots[i].state == PROCESS_UNUSED || slots[i].state == PROCESS_TERMINATED ||
			      slots[i].identity.short_id != identity->short_id,
		      "an application runs once");
	*process = (struct process){
		.id = {(process->id.raw | 0xFF) + 1 + slot},
		.state = PROCESS_RUNNING,
		.identity = *identity,
		.flash_start = BASE + item->offset,
		.flash_end = BASE + item->offset + item->info.total_size,
	};
	run_sum[slot] = sum_of(item->offset, item->info.total_size);
	app_admission_used(process);
	check(process->state != PROCESS_RUNNING || identity->version == 0,
	      "a version is kept before it runs");
}

enum error app_load(const struct cap_app_loading *cap, uint32_t offset)
{
	struct app_region_item item;
	struct app_identity identity;

	(void)cap;
	if (loading_held || !find_in_row(offset, &item))
		return E_FAIL;
	if (process_at(offset) != NULL)
		return E_ALREADY;
	if ((item.info.flags & TBF_FLAG_ENABLED) == 0 ||
	    !app_admitted(BASE + offset, &item.info, &identity))
		return E_FAIL;
	for (uint32_t i = 0; i < SLOTS; i++)
		if (slots[i].state == PROCESS_UNUSED) {
			make(&slots[i], &item, &identity);
			return E_OK;
		}
	return E_BUSY;
}

enum error app_unload(const struct cap_app_loading *cap, uint32_t offset)
{
	struct process *process = process_at(offset);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	process->state = PROCESS_UNUSED;
	return E_OK;
}

struct process_id app_process(const struct cap_app_loading *cap, uint32_t offset)
{
	(void)cap;
	(void)offset;
	return process_id_none(); /* its state in a list is all that this is for */
}

uint32_t app_offset_of(const struct cap_app_loading *cap, struct process_id id)
{
	(void)cap;
	for (uint32_t i = 0; i < SLOTS; i++)
		if (slots[i].state != PROCESS_UNUSED && slots[i].id.raw == id.raw)
			return (uint32_t)(slots[i].flash_start - BASE);
	return UINT32_MAX;
}

struct process_id process_by_short_id(uint32_t short_id, bool checked)
{
	(void)checked;
	for (uint32_t i = 0; i < SLOTS; i++)
		if (process_is_alive(&slots[i]) && slots[i].identity.short_id == short_id)
			return slots[i].id;
	return process_id_none();
}

bool process_may_install(struct process_id id)
{
	return id.raw != 0 && (id.raw == users[0].raw || id.raw == users[1].raw);
}

static void visit(void (*what)(const struct app_region_item *item))
{
	struct app_region_item item = {.next = 0};

	for (;;) {
		app_region_at(region, SIZE, item.next, &item);
		if (item.kind == APP_REGION_END)
			return;
		what(&item);
	}
}

static void look(const struct app_region_item *item)
{
	if (item->kind == APP_REGION_APP && process_at(item->offset) == NULL)
		app_admission_look(BASE + item->offset, &item->info, "app");
}

void loader_look(void)
{
	visit(look);
}

static void load(const struct app_region_item *item)
{
	if (item->kind == APP_REGION_APP && process_at(item->offset) == NULL &&
	    app_load(NULL, item->offset) != E_OK)
		return;
}

void loader_load_admitted(bool tell)
{
	(void)tell;
	visit(load);
}

/* ---- what has to hold ---- */

static uint32_t damaged;

static void count(const struct app_region_item *item)
{
	damaged += item->kind == APP_REGION_DAMAGED;
}

static void check_all(void)
{
	struct app_region_item item;

	if (installer.request != NULL || installer.store.broken)
		return;
	damaged = 0;
	visit(count);
	check(damaged <= damaged_before, "the row is as whole as it was");
	for (uint32_t i = 0; i < SLOTS; i++) {
		if (!process_is_alive(&slots[i]))
			continue;
		check(find_in_row((uint32_t)slots[i].flash_start - BASE, &item),
		      "what runs is in the row");
		check(BASE + item.offset + item.info.total_size == slots[i].flash_end &&
			      sum_of(item.offset, item.info.total_size) == run_sum[i],
		      "what runs is what was accepted");
	}
}

/* ---- what the input does ---- */

static uint32_t some_address(struct fuzz_input *input)
{
	uint8_t how = fuzz_u8(input);

	if (how < 0x20)
		return APP_INSTALLER_ANY;
	if (how < 0x30)
		return fuzz_u32(input);
	return BASE + (uint32_t)how % PAGES * PAGE;
}

static uint32_t some_size(struct fuzz_input *input)
{
	uint8_t how = fuzz_u8(input);

	return how < 0xC0 ? (1u + how % 4) * PAGE : how < 0xF0 ? how * 16u : fuzz_u32(input);
}

static struct process_id somebody(struct fuzz_input *input)
{
	return users[fuzz_u8(input) % 8 == 0];
}

static void by_loader(struct fuzz_input *input)
{
	struct process_id who = somebody(input);
	uint32_t number = fuzz_u8(input) % 8;
	uint32_t first = number == 1 ? some_size(input) : fuzz_u16(input) % sizeof(binary);

	fake_command(&loader.driver, who, number, first, fuzz_u16(input) % 2048);
}

static void by_manager(struct fuzz_input *input)
{
	static const uint8_t numbers[] = {1, 2, 2, 3, 4, 4, 5, 6, 7, 8};
	struct process_id who = somebody(input);
	uint32_t number = numbers[fuzz_u8(input) % sizeof(numbers)];
	uint32_t first = number == 1   ? some_size(input)
			 : number == 5 ? fuzz_u8(input)
				       : some_address(input);

	fake_command(&manager.driver, who, number, first,
		     number == 1 ? some_address(input) : fuzz_u8(input) % 5u);
}

static void settle(void)
{
	fake_run_deferred();
	end_check();
	fake_run_deferred();
	end_keep(true);
	fake_run_deferred();
}

/* A whole binary, as an installer does it. */
static void install(struct fuzz_input *input)
{
	uint32_t size = (1 + fuzz_u8(input) % 3u) * PAGE;

	fuzz_application(input, binary, size);
	fake_allow_ro(&loader.driver, users[0], 0, binary, size);
	fake_command(&manager.driver, users[0], MANAGER_RESERVE, size, APP_INSTALLER_ANY);
	settle();
	fake_command(&loader.driver, users[0], 2, 0, size);
	settle();
	fake_command(&manager.driver, users[0], MANAGER_FINALIZE, some_address(input), 0);
	if (fuzz_u8(input) % 4 != 0)
		settle();
}

static void share(struct fuzz_input *input)
{
	struct process_id writer = somebody(input);

	fake_allow_ro(&loader.driver, writer, 0, binary, fuzz_u16(input) % sizeof(binary));

	struct process_id reader = somebody(input);

	fake_allow_rw(&manager.driver, reader, 0, answer, fuzz_u8(input) % 128u);
}

/* The process of an installer begins anew. */
static void end_somebody(struct fuzz_input *input)
{
	uint32_t which = fuzz_u8(input) % 2;

	fake_end(users[which]);
	fake_unload(process_id_slot(users[which]));
	users[which] = fake_start("user");
}

static void take_upcalls(void)
{
	struct fake_upcall upcall;

	for (uint32_t i = 0; i < 2; i++)
		while (fake_yield(users[i], &upcall))
			;
}

static void step(struct fuzz_input *input)
{
	uint8_t what = fuzz_u8(input);

	if (what < 0x40)
		by_loader(input);
	else if (what < 0x80)
		by_manager(input);
	else if (what < 0xA8)
		install(input);
	else if (what < 0xB0)
		share(input);
	else if (what < 0xC0)
		end_check();
	else if (what < 0xD0)
		end_keep(what % 4 != 0);
	else if (what < 0xD8)
		(void)app_admission_begin();
	else if (what < 0xE0)
		end_somebody(input);
	else if (what < 0xE8)
		fuzz_application(input, binary, sizeof(binary) / 2);
	else
		settle();
	take_upcalls();
}

/* Whole applications, then bytes of them and of the journal changed. */
static void fill(struct fuzz_input *input)
{
	uint32_t at = 0;

	memset(region, 0xFF, sizeof(region));
	for (uint32_t i = fuzz_u8(input) % 5; i > 0; i--) {
		uint32_t size = (1 + fuzz_u8(input) % 3u) * PAGE;

		fuzz_application(input, region + at, size);
		at += size;
	}
	for (uint32_t i = fuzz_u8(input) % DAMAGES; i > 0; i--) {
		uint8_t value = fuzz_u8(input);

		region[fuzz_u16(input) % SIZE] = value;
	}
}

/* Ends what a run before left under way. */
static void finish_all(void)
{
	for (uint32_t i = 0; i < 100; i++)
		settle();
	memset(slots, 0, sizeof(slots));
	app_admission_forget(BASE, SIZE);
	memset(floors, 0, sizeof(floors));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct flash_ram_layout layout = {
		.bytes = region,
		.written = written,
		.page_bytes = PAGE,
		.pages = PAGES,
		.writes_per_word = 1,
	};
	struct fuzz_input input = {bytes, length};
	const struct app_installer_config config = {
		.flash = &flash.flash,
		.page = page,
		.granule = PAGE,
		.power_of_two = fuzz_u8(&input) % 2 != 0,
	};
	static const struct app_manager_rights rights = {.loading = NULL};

	finish_all();
	first_id += IDS;
	fake_reset();
	loading_held = false;
	fill(&input);
	memset(written, 0, sizeof(written));
	flash_ram_init(&flash, &layout);
	flash.fresh = 0; /* what is there stays */
	app_installer_init(&installer, &config);
	app_loader_driver_init(&loader, &installer, NULL);
	app_manager_driver_init(&manager, &installer, &rights);
	fake_add_driver(&loader.driver);
	fake_add_driver(&manager.driver);
	users[0] = fake_start("user");
	users[1] = fake_start("user");
	fake_allow_ro(&loader.driver, users[0], 0, binary, sizeof(binary));
	fake_allow_rw(&manager.driver, users[0], 0, answer, sizeof(answer));
	settle();
	damaged = 0;
	visit(count);
	damaged_before = damaged;
	(void)app_admission_begin();
	for (uint32_t i = 0; i < STEPS && input.left > 0; i++) {
		step(&input);
		check_all();
	}
	settle();
	check_all();
	return 0;
}
