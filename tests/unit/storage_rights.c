/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * LINK: lib/storage_rights.c
 */
#include "lib/storage_rights.h"

#include "test.h"

#include <string.h>

static struct storage_rights rights;

static void own(void)
{
	storage_rights_own(&rights, 77);
	TEST_CHECK(rights.may_create && rights.identity == 77);
	TEST_CHECK(storage_rights_read(&rights, 77) && storage_rights_modify(&rights, 77));
	TEST_CHECK(!storage_rights_read(&rights, 78) && !storage_rights_modify(&rights, 0));
}

static void parsed(void)
{
	static const uint8_t tlv[] = {9, 0, 0, 0, 2, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 6, 0, 0, 0};

	TEST_CHECK(storage_rights_parse(&rights, 77, tlv, sizeof(tlv)));
	TEST_EQUAL(rights.identity, 77); /* not the 9 that the header names */
	TEST_CHECK(rights.may_create);
	TEST_CHECK(storage_rights_read(&rights, 5) && !storage_rights_modify(&rights, 5));
	TEST_CHECK(storage_rights_modify(&rights, 6) && !storage_rights_read(&rights, 6));
	/* The kernel's own objects are nobody's, whatever a header lists. */
	TEST_CHECK(!storage_rights_read(&rights, 0) && !storage_rights_modify(&rights, 0));
	TEST_CHECK(!storage_rights_read(&rights, 77));
}

static void no_write_identifier(void)
{
	static const uint8_t tlv[] = {0, 0, 0, 0, 0, 0, 0, 0};

	TEST_CHECK(storage_rights_parse(&rights, 77, tlv, sizeof(tlv)));
	TEST_CHECK(!rights.may_create && rights.readable == 0 && rights.modifiable == 0);
}

/* Every length but the right one is refused and gives nothing. */
static void malformed(void)
{
	static const uint8_t whole[] = {9, 0, 0, 0, 1, 0, 5, 0, 0, 0, 1, 0, 6, 0, 0, 0};
	uint8_t cut[sizeof(whole)];

	for (uint32_t length = 0; length < sizeof(whole); length++) {
		memcpy(cut, whole, sizeof(whole));
		TEST_CHECK(!storage_rights_parse(&rights, 77, cut, length));
		TEST_CHECK(!rights.may_create && rights.readable == 0 && rights.modifiable == 0);
	}
	memcpy(cut, whole, sizeof(whole));
	cut[5] = 0x80; /* a count far beyond the end */
	TEST_CHECK(!storage_rights_parse(&rights, 77, cut, sizeof(cut)));
}

static void more_than_kept(void)
{
	uint8_t tlv[4 + 2 + 4 * 20 + 2] = {1, 0, 0, 0, 20, 0};

	for (uint32_t i = 0; i < 20; i++)
		tlv[6 + 4 * i] = (uint8_t)(100 + i);
	TEST_CHECK(storage_rights_parse(&rights, 77, tlv, sizeof(tlv)));
	TEST_EQUAL(rights.readable, STORAGE_RIGHTS_IDS);
	TEST_CHECK(storage_rights_read(&rights, 100) && !storage_rights_read(&rights, 119));
}

int main(void)
{
	own();
	parsed();
	no_write_identifier();
	malformed();
	more_than_kept();
	return test_end("storage_rights");
}
