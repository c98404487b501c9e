/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/image.h"

#include "abi/syscall.h"
#include "lib/bytes.h"

#include <string.h>

enum {
	DEFAULT_SIZE = 4096,
	DEFAULT_RAM = 8192,
	CHECKSUM_AT = 12,
};

struct writer {
	uint8_t *bytes;
	size_t capacity, used;
};

static void put(struct writer *writer, const void *bytes, size_t length)
{
	if (length == 0 || length > writer->capacity - writer->used)
		return;
	memcpy(writer->bytes + writer->used, bytes, length);
	writer->used += length;
}

static void put16(struct writer *writer, uint32_t value)
{
	uint8_t bytes[2];

	le16_store(bytes, (uint16_t)value);
	put(writer, bytes, sizeof(bytes));
}

static void put32(struct writer *writer, uint32_t value)
{
	uint8_t bytes[4];

	le32_store(bytes, value);
	put(writer, bytes, sizeof(bytes));
}

static void put_tlv(struct writer *writer, uint32_t type, uint32_t length)
{
	put16(writer, type);
	put16(writer, length);
}

static void pad(struct writer *writer)
{
	while (writer->used % TBF_TLV_ALIGN != 0 && writer->used < writer->capacity)
		writer->bytes[writer->used++] = 0;
}

static void put_program(struct writer *writer, const struct host_image_options *options,
			uint32_t total_size)
{
	put_tlv(writer, options->main_tlv ? TBF_TLV_MAIN : TBF_TLV_PROGRAM,
		options->main_tlv ? 12 : 20);
	put32(writer, options->init_fn_offset);
	put32(writer, options->protected_size);
	put32(writer, options->min_ram != 0 ? options->min_ram : DEFAULT_RAM);
	if (options->main_tlv)
		return;
	put32(writer, total_size - options->footers);
	put32(writer, 1); /* version of the application */
}

static void put_tlvs(struct writer *writer, const struct host_image_options *options,
		     uint32_t total_size)
{
	put_program(writer, options, total_size);
	if (options->name != NULL) {
		put_tlv(writer, TBF_TLV_PACKAGE_NAME, (uint32_t)strlen(options->name));
		put(writer, options->name, strlen(options->name));
		pad(writer);
	}
	if (options->fixed_ram != 0 || options->fixed_flash != 0) {
		put_tlv(writer, TBF_TLV_FIXED_ADDRESSES, 8);
		put32(writer, options->fixed_ram != 0 ? options->fixed_ram : UINT32_MAX);
		put32(writer, options->fixed_flash != 0 ? options->fixed_flash : UINT32_MAX);
	}
	put_tlv(writer, TBF_TLV_KERNEL_VERSION, 4);
	put16(writer, options->kernel_major != 0 ? options->kernel_major : KERNEL_ABI_MAJOR);
	put16(writer, options->kernel_major != 0 ? options->kernel_minor : KERNEL_ABI_MINOR);
	if (options->short_id != 0) {
		put_tlv(writer, TBF_TLV_SHORT_ID, 4);
		put32(writer, options->short_id);
	}
	put(writer, options->tlvs, options->tlvs_length);
}

void host_image_seal(uint8_t *bytes)
{
	uint32_t size = le16_load(bytes + 2);
	uint32_t checksum = 0;

	le32_store(bytes + CHECKSUM_AT, 0);
	for (uint32_t i = 0; i + 4 <= size; i += 4)
		checksum ^= le32_load(bytes + i);
	le32_store(bytes + CHECKSUM_AT, checksum);
}

uint32_t host_image_build(uint8_t *bytes, size_t capacity, const struct host_image_options *options)
{
	uint32_t total_size = options->total_size != 0 ? options->total_size : DEFAULT_SIZE;
	struct writer writer = {.bytes = bytes, .capacity = capacity};

	memset(bytes, 0, capacity < total_size ? capacity : total_size);
	put16(&writer, TBF_VERSION);
	put16(&writer, 0); /* the header's size: below */
	put32(&writer, total_size);
	put32(&writer, options->disabled || options->padding ? 0 : TBF_FLAG_ENABLED);
	put32(&writer, 0);
	if (!options->padding)
		put_tlvs(&writer, options, total_size);
	le16_store(bytes + 2, (uint16_t)writer.used);
	host_image_seal(bytes);
	return total_size;
}
