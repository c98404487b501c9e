/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The TBF parser on headers built here word by word, each damaged in one way; then
 * on many random damages, in an exact-size allocation so that a sanitizer sees
 * every read beyond it.
 *
 * LINK: lib/tbf.c lib/bytes.c
 */
#include "abi/tbf.h"
#include "lib/bytes.h"
#include "lib/tbf.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum { IMAGE_SIZE = 512 };

struct builder {
	uint8_t bytes[IMAGE_SIZE];
	uint32_t at;
};

static void put16(struct builder *b, uint32_t value)
{
	b->bytes[b->at++] = (uint8_t)value;
	b->bytes[b->at++] = (uint8_t)(value >> 8);
}

static void put32(struct builder *b, uint32_t value)
{
	put16(b, value & 0xFFFF);
	put16(b, value >> 16);
}

static void seal(struct builder *b)
{
	uint32_t sum = 0;
	uint32_t size = b->bytes[2] + 256u * b->bytes[3];

	memset(b->bytes + 12, 0, 4);
	for (uint32_t i = 0; i + 4 <= size && i < IMAGE_SIZE; i += 4)
		for (uint32_t k = 0; k < 4; k++)
			sum ^= (uint32_t)b->bytes[i + k] << (8 * k);
	for (uint32_t k = 0; k < 4; k++)
		b->bytes[12 + k] = (uint8_t)(sum >> (8 * k));
}

static void begin(struct builder *b)
{
	memset(b, 0, sizeof(*b));
	put16(b, 2);
	put16(b, 0); /* header size: end() knows */
	put32(b, IMAGE_SIZE);
	put32(b, 1);
	put32(b, 0);
}

static void end(struct builder *b)
{
	b->bytes[2] = (uint8_t)b->at;
	b->bytes[3] = (uint8_t)(b->at >> 8);
	seal(b);
}

static void put_main(struct builder *b)
{
	put16(b, TBF_TLV_MAIN);
	put16(b, 12);
	put32(b, 0x28);
	put32(b, 0x10);
	put32(b, 4096);
}

static void put_program(struct builder *b, uint32_t init, uint32_t protected_size,
			uint32_t binary_end)
{
	put16(b, TBF_TLV_PROGRAM);
	put16(b, 20);
	put32(b, init);
	put32(b, protected_size);
	put32(b, 5120);
	put32(b, binary_end);
	put32(b, 7);
}

/* Parses a copy of exactly `available` bytes at an odd address. */
static enum tbf_status parse(const struct builder *b, uint32_t available, struct tbf_info *info)
{
	uint8_t *copy = malloc(available + 1u);

	memcpy(copy + 1, b->bytes, available);
	memset(info, 0xA5, sizeof(*info));

	enum tbf_status status = tbf_parse(copy + 1, available, info);

	free(copy);
	return status;
}

static void test_whole(void)
{
	struct builder b;
	struct tbf_info info;
	struct tbf_region region;

	begin(&b);
	put_main(&b);
	put_program(&b, 0x30, 0x20, 400);
	put16(&b, TBF_TLV_PACKAGE_NAME), put16(&b, 5), put32(&b, 0x6c6c6568), put32(&b, 0x6f);
	uint32_t name_at = b.at - 8;
	put16(&b, TBF_TLV_FIXED_ADDRESSES), put16(&b, 8), put32(&b, 0x80300000),
		put32(&b, 0x80100080);
	put16(&b, 0x7777), put16(&b, 3), put32(&b, 0xFFFFFFFF); /* unknown: skipped */
	put16(&b, TBF_TLV_KERNEL_VERSION), put16(&b, 4), put16(&b, 2), put16(&b, 1);
	put16(&b, TBF_TLV_SHORT_ID), put16(&b, 4), put32(&b, 0x12345678);
	put16(&b, TBF_TLV_WRITEABLE_FLASH), put16(&b, 16);
	put32(&b, 256), put32(&b, 128), put32(&b, 512), put32(&b, 0);
	put16(&b, TBF_TLV_PERMISSIONS), put16(&b, 2), put32(&b, 0);
	put16(&b, TBF_TLV_STORAGE_PERMISSIONS), put16(&b, 8), put32(&b, 0), put32(&b, 0);
	end(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_OK);
	TEST_EQUAL(info.header_size, b.at);
	TEST_EQUAL(info.total_size, IMAGE_SIZE);
	TEST_EQUAL(info.flags, TBF_FLAG_ENABLED);
	TEST_CHECK(!info.is_padding);
	TEST_EQUAL(info.program_tlv, TBF_TLV_PROGRAM);
	TEST_EQUAL(info.init_fn_offset, 0x30);
	TEST_EQUAL(info.protected_size, 0x20);
	TEST_EQUAL(info.min_ram, 5120);
	TEST_EQUAL(info.binary_end_offset, 400);
	TEST_EQUAL(info.app_version, 7);
	TEST_EQUAL(info.name.offset, name_at);
	TEST_EQUAL(info.name.length, 5);
	TEST_EQUAL(info.fixed_ram, 0x80300000);
	TEST_EQUAL(info.fixed_flash, 0x80100080);
	TEST_EQUAL(info.short_id, 0x12345678);
	TEST_CHECK(info.has_kernel_version && info.kernel_major == 2 && info.kernel_minor == 1);
	TEST_EQUAL(info.permissions.length, 2);
	TEST_EQUAL(info.storage_permissions.length, 8);
	TEST_EQUAL(tbf_writeable_flash_count(&info), 2);
	TEST_CHECK(tbf_writeable_flash(b.bytes, &info, 0, &region));
	TEST_CHECK(region.offset == 256 && region.size == 128);
	TEST_CHECK(tbf_writeable_flash(b.bytes, &info, 1, &region));
	TEST_CHECK(region.offset == 512 && region.size == 0);
	TEST_CHECK(!tbf_writeable_flash(b.bytes, &info, 2, &region));
	/* every shorter piece of flash is refused, and told apart from the end */
	for (uint32_t available = 1; available < IMAGE_SIZE; available++)
		TEST_EQUAL(parse(&b, available, &info),
			   available < 16 ? TBF_TRUNCATED : TBF_BAD_TOTAL_SIZE);
}

static void test_base(void)
{
	struct builder b;
	struct tbf_info info;

	begin(&b);
	end(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_OK);
	TEST_CHECK(info.is_padding && info.total_size == IMAGE_SIZE && info.header_size == 16);
	TEST_EQUAL(parse(&b, 0, &info), TBF_END_OF_APPS);
	memset(b.bytes, 0xFF, 16);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_END_OF_APPS);
	TEST_EQUAL(parse(&b, 4, &info), TBF_END_OF_APPS);
	TEST_EQUAL(info.total_size, 0);
	memset(b.bytes, 0, 16);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_END_OF_APPS);
	begin(&b), put_main(&b), end(&b);
	b.bytes[0] = 3;
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_BAD_VERSION);
	TEST_EQUAL(info.total_size, 0);
	for (uint32_t size = 0; size < 70000; size++) {
		begin(&b), put_main(&b), end(&b);
		b.bytes[2] = (uint8_t)size, b.bytes[3] = (uint8_t)(size >> 8);
		uint32_t header = size & 0xFFFF;
		enum tbf_status status = parse(&b, IMAGE_SIZE, &info);

		if (header < 16 || header % 4 != 0 || header > IMAGE_SIZE)
			TEST_EQUAL(status, TBF_BAD_HEADER_SIZE);
		else
			TEST_EQUAL(status, header == 32 ? TBF_OK : TBF_BAD_CHECKSUM);
		TEST_EQUAL(info.total_size, IMAGE_SIZE);
	}
	static const uint32_t sizes[] = {0, 15, 513, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		begin(&b), put_main(&b);
		le32_store(b.bytes + 4, sizes[i]);
		end(&b);
		TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_BAD_TOTAL_SIZE);
		TEST_EQUAL(info.total_size, 0);
	}
	begin(&b), put_main(&b), end(&b);
	for (uint32_t bit = 0; bit < 32 * 8; bit++) { /* no single bit goes unnoticed */
		b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		TEST_CHECK(parse(&b, IMAGE_SIZE, &info) != TBF_OK);
		b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static enum tbf_status one_tlv(uint32_t type, uint32_t length, uint32_t words)
{
	struct builder b;
	struct tbf_info info;

	begin(&b), put_main(&b);
	put16(&b, type), put16(&b, length);
	while (words-- != 0)
		put32(&b, 0);
	end(&b);

	enum tbf_status status = parse(&b, IMAGE_SIZE, &info);

	TEST_EQUAL(info.total_size, IMAGE_SIZE);
	return status;
}

static void test_tlvs(void)
{
	static const struct {
		uint32_t type, length;
	} fixed[] = {{TBF_TLV_MAIN, 12},
		     {TBF_TLV_FIXED_ADDRESSES, 8},
		     {TBF_TLV_KERNEL_VERSION, 4},
		     {TBF_TLV_SHORT_ID, 4}};

	for (uint32_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		for (uint32_t length = 0; length <= 24; length++)
			TEST_EQUAL(one_tlv(fixed[i].type, length, (length + 3) / 4),
				   length == fixed[i].length ? TBF_OK : TBF_TLV_LENGTH);
	for (uint32_t length = 0; length <= 24; length++) {
		uint32_t words = (length + 3) / 4;

		TEST_EQUAL(one_tlv(TBF_TLV_WRITEABLE_FLASH, length, words),
			   length % 8 == 0 ? TBF_OK : TBF_TLV_LENGTH);
		TEST_EQUAL(one_tlv(TBF_TLV_PACKAGE_NAME, length, words), TBF_OK);
		TEST_EQUAL(one_tlv(0x4321, length, words), TBF_OK);
		if (length != 0) /* one word too short for what it claims */
			TEST_EQUAL(one_tlv(0x4321, length, words - 1), TBF_TLV_OVERFLOW);
	}
	TEST_EQUAL(one_tlv(TBF_TLV_PACKAGE_NAME, 0xFFFF, 3), TBF_TLV_OVERFLOW);
	TEST_EQUAL(one_tlv(TBF_TLV_PROGRAM, 20, 5), TBF_BAD_BINARY_END); /* all zeros */
}

static enum tbf_status program(uint32_t init, uint32_t protected_size, uint32_t binary_end)
{
	struct builder b;
	struct tbf_info info;

	begin(&b);
	put_program(&b, init, protected_size, binary_end); /* header: 40 bytes */
	put_main(&b);                                      /* does not count; 56 */
	end(&b);
	return parse(&b, IMAGE_SIZE, &info);
}

static void test_program(void)
{
	struct builder b;
	struct tbf_info info;

	TEST_EQUAL(program(0, 0, 57), TBF_OK);
	TEST_EQUAL(program(0, 0, 56), TBF_BAD_INIT_FN); /* an empty binary has no entry */
	TEST_EQUAL(program(0, 0, 55), TBF_BAD_BINARY_END);
	TEST_EQUAL(program(0, 0, 512), TBF_OK);
	TEST_EQUAL(program(0, 0, 513), TBF_BAD_BINARY_END);
	TEST_EQUAL(program(0, 0, 0xFFFFFFFF), TBF_BAD_BINARY_END);
	TEST_EQUAL(program(455, 0, 512), TBF_OK);
	TEST_EQUAL(program(456, 0, 512), TBF_BAD_INIT_FN);
	TEST_EQUAL(program(0xFFFFFFFF, 0, 512), TBF_BAD_INIT_FN);
	TEST_EQUAL(program(0, 456, 512), TBF_OK);
	TEST_EQUAL(program(0, 457, 512), TBF_BAD_PROTECTED_SIZE);
	TEST_EQUAL(program(0, 0xFFFFFFFF, 512), TBF_BAD_PROTECTED_SIZE);
	begin(&b), put16(&b, TBF_TLV_PACKAGE_NAME), put16(&b, 0), end(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_NO_PROGRAM);
	begin(&b), put_main(&b), end(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_OK);
	TEST_EQUAL(info.binary_end_offset, IMAGE_SIZE);
	TEST_EQUAL(info.fixed_ram, TBF_ADDRESS_ANY);
	TEST_EQUAL(info.fixed_flash, TBF_ADDRESS_ANY);
	begin(&b), put_main(&b), put_main(&b);
	le32_store(b.bytes + b.at - 4, 8192), end(&b); /* the second one does not count */
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_OK);
	TEST_EQUAL(info.min_ram, 4096);
	begin(&b), put_main(&b);
	put16(&b, TBF_TLV_WRITEABLE_FLASH), put16(&b, 8), put32(&b, 500), put32(&b, 13), end(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_BAD_WRITEABLE_FLASH);
	le32_store(b.bytes + b.at - 4, 12), seal(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_OK);
	le32_store(b.bytes + b.at - 8, 0xFFFFFFFF), seal(&b);
	TEST_EQUAL(parse(&b, IMAGE_SIZE, &info), TBF_BAD_WRITEABLE_FLASH);
}

static void test_versions(void)
{
	struct tbf_info info = {.has_kernel_version = false};

	TEST_CHECK(tbf_kernel_version_ok(&info, 2, 2));
	info.has_kernel_version = true, info.kernel_major = 2, info.kernel_minor = 2;
	TEST_CHECK(tbf_kernel_version_ok(&info, 2, 2));
	TEST_CHECK(tbf_kernel_version_ok(&info, 2, 3));
	TEST_CHECK(!tbf_kernel_version_ok(&info, 2, 1));
	TEST_CHECK(!tbf_kernel_version_ok(&info, 3, 2));
	TEST_CHECK(!tbf_kernel_version_ok(&info, 1, 9));
}

static void test_footers(void)
{
	struct builder b;
	struct tbf_info info = {.total_size = 128};
	struct tbf_footer footer;
	uint32_t at = 40;

	memset(&b, 0, sizeof(b)), b.at = 40;
	put16(&b, TBF_TLV_CREDENTIALS), put16(&b, 36), put32(&b, TBF_CREDENTIAL_SHA256), b.at += 32;
	put16(&b, 99), put16(&b, 5), b.at += 8; /* unknown type, padded to 8 */
	put16(&b, TBF_TLV_CREDENTIALS), put16(&b, 7), put32(&b, 0x999), b.at += 3;
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_OK);
	TEST_CHECK(footer.type == 128 && footer.format == TBF_CREDENTIAL_SHA256);
	TEST_CHECK(footer.offset == 48 && footer.length == 32 && at == 80);
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_OK);
	TEST_CHECK(footer.type == 99 && footer.format == 0);
	TEST_CHECK(footer.offset == 84 && footer.length == 5 && at == 92);
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_OK);
	TEST_CHECK(footer.format == 0x999 && footer.offset == 100 && footer.length == 3);
	TEST_EQUAL(at, 104);
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_END_OF_FOOTERS);
	TEST_EQUAL(at, 104);
	at = 92, info.total_size = 103; /* the last one without its padding */
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_OK);
	TEST_EQUAL(at, 103);
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_END_OF_FOOTERS);
	at = 92, info.total_size = 102;
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_BAD_FOOTER);
	TEST_EQUAL(at, 92);
	le16_store(b.bytes + 94, 3), info.total_size = 128; /* too short for a format */
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_BAD_FOOTER);
	at = 0xFFFFFFFF;
	TEST_EQUAL(tbf_footer_next(b.bytes, &info, &at, &footer), TBF_END_OF_FOOTERS);
}

/* A good header with random damage and a valid checksum: never outside the image. */
static void test_random_damage(void)
{
	uint32_t random = 0x12345;
	unsigned int taken = 0;

	for (int round = 0; round < 200000; round++) {
		struct builder b;
		struct tbf_info info;

		uint32_t init = test_random(&random) % 600;
		uint32_t protected_size = test_random(&random) % 600;

		begin(&b);
		put_program(&b, init, protected_size, test_random(&random) % 600);
		for (uint32_t n = test_random(&random) % 4; n != 0; n--) {
			put16(&b, test_random(&random) % 12);
			put16(&b, test_random(&random) % 24);
			for (uint32_t words = test_random(&random) % 6; words != 0; words--)
				put32(&b, test_random(&random) % 600);
		}
		end(&b);
		if (parse(&b, IMAGE_SIZE, &info) == TBF_OK) {
			taken++;
			TEST_CHECK(info.header_size + info.init_fn_offset < info.binary_end_offset);
			TEST_CHECK(info.header_size + info.protected_size <=
				   info.binary_end_offset);
			TEST_CHECK(info.binary_end_offset <= info.total_size);
			TEST_CHECK(info.name.offset + info.name.length <= info.header_size);
		} else {
			TEST_EQUAL(info.total_size, IMAGE_SIZE);
		}
	}
	TEST_CHECK(taken > 1000 && taken < 199000); /* both ways were tried */
}

int main(void)
{
	for (int status = TBF_OK; status <= TBF_BAD_FOOTER + 1; status++)
		TEST_CHECK(tbf_status_text((enum tbf_status)status)[0] != '\0');
	test_base();
	test_whole();
	test_tlvs();
	test_program();
	test_versions();
	test_footers();
	test_random_damage();
	return test_end("lib_tbf");
}
