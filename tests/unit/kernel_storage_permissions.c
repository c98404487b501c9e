/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a process may do with storage where its header cannot be read or has changed
 * since it was parsed, which no application brings about: then it may do nothing.
 *
 * LINK: kernel/src/storage_permissions.c kernel/src/user_range.c lib/storage_rights.c lib/bytes.c
 * INCLUDE: arch/host/include
 */
#include "kernel/storage_permissions.h"

#include "lib/bytes.h"
#include "process.h"
#include "test.h"
#include "trusted/linker.h"

#include <string.h>

enum {
	REGION = 0x8000,
	START = REGION + 0x400,
	APP = 256,
	NAME_AT = 32,
	TLV_AT = 48,
	PAIR_AT = 72
};

static uint8_t image[APP];
static bool readable;
static struct process processes[1];
static const struct process_policy by_claim = {.storage = STORAGE_BY_CLAIM};
static const struct process_policy by_short_id = {.storage = STORAGE_BY_SHORT_ID};
const struct board board = {.processes = processes, .process_count = 1};
uint8_t linker_apps_start[1];

uptr_t arch_address_of(const void *pointer)
{
	TEST_CHECK(pointer == linker_apps_start);
	return REGION;
}

bool process_read(struct process *process, void *destination, uptr_t source, size_t length)
{
	TEST_CHECK(process == processes);
	TEST_CHECK(source >= START && source + length <= START + APP);
	if (!readable)
		return false;
	memcpy(destination, image + (source - START), length);
	return true;
}

static struct process *begin(void)
{
	readable = true;
	memset(image, 0, sizeof(image));
	memcpy(image + NAME_AT, "name", 4);
	processes[0] = (struct process){
		.id = {0x100},
		.state = PROCESS_RUNNING,
		.policy = &by_claim,
		.flash_start = START,
		.app_start = START + 96,
		.flash_end = START + APP,
		.name_offset = NAME_AT,
		.name_length = 4,
	};
	return processes;
}

static bool may(struct storage_rights *rights)
{
	return process_storage_rights(processes[0].id, rights);
}

static void nothing(void)
{
	struct storage_rights rights = {.may_create = true, .readable = 1};

	TEST_CHECK(!may(&rights));
	TEST_CHECK(!rights.may_create && rights.readable == 0 && rights.modifiable == 0);
}

static void test_name(void)
{
	struct storage_rights rights;
	uint32_t identity;

	begin();
	TEST_CHECK(may(&rights));
	identity = rights.identity;
	TEST_CHECK((identity & 0x80000000) != 0 && rights.may_create);
	image[NAME_AT] = 'N';
	TEST_CHECK(may(&rights) && rights.identity != identity);
	readable = false;
	nothing();
	begin()->name_length = 0;
	nothing();
	begin()->policy = &by_short_id;
	nothing();
	processes[0].identity.short_id = 9;
	TEST_CHECK(may(&rights) && rights.identity == 9);
	begin()->state = PROCESS_TERMINATED;
	nothing();
}

/* The TLV: a write identifier, then two empty lists. */
static void test_tlv(void)
{
	struct storage_rights rights;

	begin()->storage_offset = TLV_AT;
	processes[0].storage_length = 8;
	TEST_CHECK(may(&rights) && rights.identity >= 0x80000000 && !rights.may_create);
	le32_store(image + TLV_AT, 12);
	TEST_CHECK(may(&rights) && rights.identity == 12 && rights.may_create);
	le16_store(image + TLV_AT + 4, 1); /* a list beyond its end */
	nothing();
	le16_store(image + TLV_AT + 4, 0);
	readable = false;
	nothing();
	processes[0].identity.short_id = 9; /* known without the header, which says what it may */
	nothing();
	readable = true;
	TEST_CHECK(may(&rights) && rights.identity == 9);
	processes[0].storage_length = 200; /* more than is looked at */
	nothing();
	processes[0].identity.short_id = 0;
	processes[0].storage_length = 3; /* too short for an identifier, so it is the name's */
	nothing();
}

static bool writeable(uint32_t address, uint32_t length)
{
	uint32_t offset = 1;
	bool yes = process_flash_writeable(processes[0].id, address, length, &offset);

	TEST_EQUAL(offset, yes ? address - REGION : 1);
	return yes;
}

static void put_pair(uint32_t number, uint32_t offset, uint32_t size)
{
	le32_store(image + PAIR_AT + 8 * number, offset);
	le32_store(image + PAIR_AT + 8 * number + 4, size);
}

static void test_writeable(void)
{
	begin()->writeable_offset = PAIR_AT;
	processes[0].writeable_regions = 2;
	put_pair(0, 0, 96); /* the header */
	put_pair(1, 128, 64);
	TEST_CHECK(writeable(START + 128, 64) && writeable(START + 191, 1));
	TEST_CHECK(!writeable(START + 127, 2) && !writeable(START + 128, 65));
	TEST_CHECK(!writeable(START + 128, 0) && !writeable(START, 4));
	readable = false;
	TEST_CHECK(!writeable(START + 128, 64));
	readable = true;
	put_pair(1, 128, 0xFFFFFFF0); /* ends before it begins */
	TEST_CHECK(!writeable(START + 128, 1) && !writeable(START + 112, 16));
	put_pair(1, 128, APP - 128 + 4); /* the next application's first word */
	TEST_CHECK(!writeable(START + APP, 4) && !writeable(START + 128, 4));
	put_pair(1, 128, APP - 128);
	TEST_CHECK(writeable(START + APP - 4, 4));
	processes[0].state = PROCESS_FAULTED;
	TEST_CHECK(!writeable(START + APP - 4, 4));
}

static void test_owned(void)
{
	begin();
	TEST_CHECK(process_flash_owns(processes[0].id, START - REGION, APP));
	TEST_CHECK(!process_flash_owns(processes[0].id, START - REGION, APP + 1));
	TEST_CHECK(!process_flash_owns(processes[0].id, START - REGION - 1, 2));
	processes[0].state = PROCESS_UNUSED;
	TEST_CHECK(!process_flash_owns(processes[0].id, START - REGION, APP));
}

int main(void)
{
	test_name();
	test_tlv();
	test_writeable();
	test_owned();
	return test_end("kernel_storage_permissions");
}
