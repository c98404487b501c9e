/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The loader: whole, damaged and unordered images. */
#include "arch_host.h"
#include "host/host.h"

#include "lib/bytes.h"
#include "trusted/linker.h"

#include <string.h>

enum { SIZE = 4096 };

static uint8_t image[SIZE];

static void build(const char *name)
{
	host_image_build(image, sizeof(image), &(struct host_image_options){.name = name});
}

static uint32_t running(void)
{
	struct kernel_info info;

	host_run();
	kernel_inspect(&host_admin, &info);
	return info.active;
}

static bool logged(const char *text)
{
	return strstr(host_log(), text) != NULL;
}

HOST_TEST(loads_what_is_there)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add_image(
		&(struct host_image_options){.name = "two", .main_tlv = true, .total_size = 8192});
	TEST_EQUAL(running(), 2);
	TEST_CHECK(host_info(one).ram_end <= host_info(two).ram_start ||
		   host_info(two).ram_end <= host_info(one).ram_start);
	TEST_EQUAL(host_info(two).flash_start, host_info(one).flash_end);
	TEST_EQUAL(host_info(two).ram_requested, 8192);
}

HOST_TEST(gaps_and_disabled_applications_do_not_run)
{
	host_board_start(NULL);
	host_script_add_image(&(struct host_image_options){.padding = true, .total_size = 512});
	host_script_add_image(&(struct host_image_options){.name = "off", .disabled = true});
	host_script_add("on");
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("app off at") && logged("skipped: it is disabled"));
}

HOST_TEST(other_kernel_versions_are_refused)
{
	host_board_start(NULL);
	host_script_add_image(&(struct host_image_options){
		.name = "newer", .kernel_major = 2, .kernel_minor = 3});
	host_script_add_image(&(struct host_image_options){
		.name = "older", .kernel_major = 1, .kernel_minor = 0});
	host_script_add_image(
		&(struct host_image_options){.name = "fits", .kernel_major = 2, .kernel_minor = 1});
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("wanted 2.3, this is 2.2"));
	TEST_CHECK(logged("wanted 1.0, this is 2.2"));
}

/* Every bit of the header is turned over once: the image behind it runs all the same. */
HOST_TEST(one_damaged_header_hides_no_other)
{
	host_board_start(NULL);
	build("damaged");
	image[40] ^= 1;
	host_flash_add(image, sizeof(image));
	host_script_add("whole");
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("skipped: "));
}

/* Each word of what is damaged looks like the beginning of a large header. */
HOST_TEST(false_beginnings_hide_no_other)
{
	host_board_start(NULL);
	build("damaged");
	for (uint32_t at = 4; at < sizeof(image); at += 4)
		le32_store(image + at, 0x02000002);
	host_flash_add(image, sizeof(image));
	host_script_add("whole");
	TEST_EQUAL(running(), 1);
}

HOST_TEST(a_wrong_size_hides_no_other)
{
	host_board_start(NULL);
	build("damaged");
	le32_store(image + 4, 100000); /* beyond the next image, and the checksum is wrong */
	host_flash_add(image, sizeof(image));
	host_script_add("whole");
	build("short");
	le32_store(image + 4, 64); /* the next header is not there */
	host_flash_add(image, sizeof(image));
	host_script_add("too");
	TEST_EQUAL(running(), 2);
}

HOST_TEST(nothing_behind_the_last_image_is_looked_for_in_vain)
{
	host_board_start(NULL);
	host_script_add("whole");
	build("cut");
	le32_store(image + 4, 0x10000000);
	host_image_seal(image);
	host_flash_add(image, 64);
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("skipped: "));
}

HOST_TEST(fixed_addresses_come_first_whatever_the_order)
{
	struct host_app *anywhere, *high, *low;
	uint32_t ram = (uint32_t)(uintptr_t)linker_app_ram_start;

	host_board_start(NULL);
	anywhere = host_script_add_image(
		&(struct host_image_options){.name = "anywhere", .min_ram = 0x20000});
	high = host_script_add_image(
		&(struct host_image_options){.name = "high", .fixed_ram = ram + 0x20000});
	low = host_script_add_image(&(struct host_image_options){.name = "low", .fixed_ram = ram});
	TEST_EQUAL(running(), 3);
	TEST_EQUAL(host_info(low).ram_start, ram);
	TEST_EQUAL(host_info(high).ram_start, ram + 0x20000);
	TEST_CHECK(host_info(anywhere).ram_start >= host_info(high).ram_end);
}

HOST_TEST(gaps_between_fixed_applications_are_used)
{
	struct host_app *small;
	uint32_t ram = (uint32_t)(uintptr_t)linker_app_ram_start;

	host_board_start(NULL);
	host_script_add_image(
		&(struct host_image_options){.name = "high", .fixed_ram = ram + 0x20000});
	small = host_script_add("small");
	TEST_EQUAL(running(), 2);
	TEST_EQUAL(host_info(small).ram_start, ram);
}

HOST_TEST(taken_fixed_addresses_are_refused)
{
	uint32_t ram = (uint32_t)(uintptr_t)linker_app_ram_start;

	host_board_start(NULL);
	host_script_add_image(&(struct host_image_options){.name = "first", .fixed_ram = ram});
	host_script_add_image(&(struct host_image_options){.name = "again", .fixed_ram = ram});
	host_script_add_image(
		&(struct host_image_options){.name = "inside", .fixed_ram = ram + 0x1000});
	host_script_add_image(
		&(struct host_image_options){.name = "outside", .fixed_ram = ram - 0x1000});
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("app again at") && logged("0 are free at its address"));
	TEST_CHECK(logged("app inside at") && logged("app outside at"));
}

HOST_TEST(applications_built_for_other_flash_are_refused)
{
	uint32_t flash = (uint32_t)(uintptr_t)linker_apps_start;
	struct host_app *fits;

	host_board_start(NULL);
	host_script_add_image(
		&(struct host_image_options){.name = "elsewhere", .fixed_flash = flash + 0x8000});
	fits = host_script_add_image(&(struct host_image_options){
		.name = "here", .fixed_flash = flash + SIZE + 256, .protected_size = 256 - 72});
	(void)fits;
	host_run();
	TEST_CHECK(logged("app elsewhere at") && logged("built for another flash address"));
}

HOST_TEST(too_little_ram_is_told)
{
	host_board_start(NULL);
	host_script_add_image(&(struct host_image_options){.name = "huge", .min_ram = 0xFFFFF000});
	host_script_add_image(&(struct host_image_options){.name = "large", .min_ram = 0x2000000});
	TEST_EQUAL(running(), 0);
	TEST_CHECK(logged("app huge at") && logged("it needs 4294963200 bytes of RAM"));
	TEST_CHECK(logged("the largest gap has 16777216"));
}

HOST_TEST(what_cannot_be_protected_does_not_run)
{
	host_board_start(NULL);
	host_script_add("refused");
	host_script_add("accepted");
	host_hardware.refuse_plans = 1;
	TEST_EQUAL(running(), 1);
	TEST_CHECK(logged("app refused refused: flash") && logged("by this hardware"));
}

HOST_TEST(more_applications_than_slots)
{
	host_board_start(&(struct host_config){.process_slots = 2});
	for (unsigned int i = 0; i < 4; i++)
		host_script_add("one");
	TEST_EQUAL(running(), 2);
	TEST_CHECK(logged("refused: all 2 process slots are taken"));
}

HOST_TEST(long_names_are_cut_in_messages)
{
	host_board_start(NULL);
	host_script_add_image(&(struct host_image_options){
		.name = "a name of more than thirty-one characters", .disabled = true});
	host_run();
	TEST_CHECK(logged("app a name of more than thirty-one  at") ||
		   logged("app a name of more than thirty-one at") ||
		   logged("app a name of more than thirty-on"));
}

/* Flash that is full to its last byte. */
HOST_TEST(the_end_of_flash_is_the_end)
{
	static uint8_t gap[TBF_BASE_SIZE];
	uint32_t room = (uint32_t)(linker_apps_end - linker_apps_start) - SIZE;
	uint32_t at;

	host_board_start(NULL);
	at = host_flash_add(gap, 0);
	host_image_build(gap, sizeof(gap),
			 &(struct host_image_options){.padding = true, .total_size = room});
	host_flash_add(gap, sizeof(gap));
	build("last");
	memcpy((void *)(uintptr_t)(at + room), image, sizeof(image));
	TEST_EQUAL(running(), 1);
}
