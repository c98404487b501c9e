/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/tbf.h"

#include "abi/tbf.h"
#include "lib/bytes.h"

enum {
	TLV_HEADER_SIZE = 4, /* u16 type, u16 length of the value in bytes */
	FOOTER_FORMAT_SIZE = 4,
};

/*@ predicate spans_ok(struct tbf_info *info) =
	tbf_span_ok(info->name, info->header_size) &&
	tbf_span_ok(info->permissions, info->header_size) &&
	tbf_span_ok(info->storage_permissions, info->header_size) &&
	tbf_span_ok(info->writeable_flash, info->header_size) &&
	info->writeable_flash.length % 8 == 0;

    predicate span_empty(struct tbf_span span) = span.offset == 0 && span.length == 0;

    predicate spans_empty(struct tbf_info *info) =
	span_empty(info->name) && span_empty(info->permissions) &&
	span_empty(info->storage_permissions) && span_empty(info->writeable_flash);
*/

/*@ terminates \true;
    assigns \nothing;
    ensures length <= \result <= length + 3;
    ensures \result % 4 == 0;
*/
static uint32_t padded(uint16_t length)
{
	return (length + 3u) / 4u * 4u;
}

/*@ requires \valid(info);
    terminates \true;
    assigns *info;
    ensures spans_empty(info);
    ensures info->is_padding == 0;
    ensures info->total_size == 0;
*/
static void info_clear(struct tbf_info *info)
{
	static const struct tbf_span none = {0, 0};

	info->total_size = 0;
	info->header_size = 0;
	info->is_padding = false;
	info->has_kernel_version = false;
	info->program_tlv = 0;
	info->flags = 0;
	info->init_fn_offset = 0;
	info->protected_size = 0;
	info->min_ram = 0;
	info->binary_end_offset = 0;
	info->app_version = 0;
	info->fixed_ram = TBF_ADDRESS_ANY;
	info->fixed_flash = TBF_ADDRESS_ANY;
	info->short_id = 0;
	info->kernel_major = 0;
	info->kernel_minor = 0;
	info->name = none;
	info->permissions = none;
	info->storage_permissions = none;
	info->writeable_flash = none;
}

/* XOR of the header's words but the checksum itself (the word at byte 12). */
/*@ requires header_size % 4 == 0;
    requires \valid_read(image + (0 .. header_size - 1));
    terminates \true;
    assigns \nothing;
*/
static uint32_t checksum(const uint8_t *image, uint16_t header_size)
{
	uint32_t sum = 0;

	/*@ loop invariant at % 4 == 0 && 0 <= at <= header_size;
	    loop assigns at, sum;
	    loop variant header_size - at;
	*/
	for (uint32_t at = 0; at < header_size; at += 4) {
		if (at != 12)
			sum ^= le32_load(image + at);
	}
	return sum;
}

/* The 16 bytes that every header starts with. */
/*@ requires \valid_read(image + (0 .. available - 1));
    requires \valid(info);
    requires \separated(info, image + (0 .. available - 1));
    requires info->total_size == 0;
    requires spans_empty(info);
    terminates \true;
    assigns info->total_size, info->header_size, info->flags;
    ensures \result == TBF_OK ==> 16 <= info->header_size <= info->total_size;
    ensures \result == TBF_OK ==> info->header_size % 4 == 0;
    ensures \result == TBF_OK ==> spans_ok(info);
    ensures info->total_size == 0 || 16 <= info->total_size <= available;
    ensures available == 0 ==> \result == TBF_END_OF_APPS;
*/
static enum tbf_status base_read(const uint8_t *image, uint32_t available, struct tbf_info *info)
{
	if (available == 0)
		return TBF_END_OF_APPS;
	if (available >= 4) {
		uint32_t first = le32_load(image);

		if (first == 0 || first == 0xFFFFFFFFu) /* flash erased to zeros or to ones */
			return TBF_END_OF_APPS;
	}
	if (available < TBF_BASE_SIZE)
		return TBF_TRUNCATED;
	if (le16_load(image) != TBF_VERSION)
		return TBF_BAD_VERSION;

	uint16_t header_size = le16_load(image + 2);
	uint32_t total_size = le32_load(image + 4);

	if (total_size < TBF_BASE_SIZE || total_size > available)
		return TBF_BAD_TOTAL_SIZE;
	info->total_size = total_size;
	if (header_size < TBF_BASE_SIZE || header_size % 4u != 0 || header_size > total_size)
		return TBF_BAD_HEADER_SIZE;
	info->header_size = header_size;
	info->flags = le32_load(image + 8);
	if (checksum(image, header_size) != le32_load(image + 12))
		return TBF_BAD_CHECKSUM;
	return TBF_OK;
}

/* Main and Program start alike; Program is preferred, else the first one counts. */
/*@ requires \valid_read(value + (0 .. length - 1));
    requires \valid(info);
    requires \separated(info, value + (0 .. length - 1));
    terminates \true;
    assigns info->init_fn_offset, info->protected_size, info->min_ram, info->app_version,
	    info->binary_end_offset, info->program_tlv;
*/
static enum tbf_status program_read(const uint8_t *value, uint16_t length, uint16_t type,
				    struct tbf_info *info)
{
	if (length != (type == TBF_TLV_PROGRAM ? 20 : 12))
		return TBF_TLV_LENGTH;
	if (info->program_tlv >= type)
		return TBF_OK;
	info->program_tlv = type;
	info->init_fn_offset = le32_load(value);
	info->protected_size = le32_load(value + 4);
	info->min_ram = le32_load(value + 8);
	info->binary_end_offset = info->total_size;
	info->app_version = 0;
	if (type == TBF_TLV_PROGRAM) {
		info->binary_end_offset = le32_load(value + 12);
		info->app_version = le32_load(value + 16);
	}
	return TBF_OK;
}

/* The TLVs of a fixed length that are no program. */
/*@ requires \valid_read(value + (0 .. length - 1));
    requires \valid(info);
    requires \separated(info, value + (0 .. length - 1));
    terminates \true;
    assigns info->fixed_ram, info->fixed_flash, info->short_id, info->has_kernel_version,
	    info->kernel_major, info->kernel_minor;
*/
static enum tbf_status number_read(const uint8_t *value, uint16_t length, uint16_t type,
				   struct tbf_info *info)
{
	if (length != (type == TBF_TLV_FIXED_ADDRESSES ? 8 : 4))
		return TBF_TLV_LENGTH;
	if (type == TBF_TLV_FIXED_ADDRESSES) {
		info->fixed_ram = le32_load(value);
		info->fixed_flash = le32_load(value + 4);
	} else if (type == TBF_TLV_SHORT_ID) {
		info->short_id = le32_load(value);
	} else {
		info->has_kernel_version = true;
		info->kernel_major = le16_load(value);
		info->kernel_minor = le16_load(value + 2);
	}
	return TBF_OK;
}

/*@ requires \valid_read(image + (0 .. info->header_size - 1));
    requires \valid(info);
    requires \separated(info, image + (0 .. info->header_size - 1));
    requires tbf_span_ok(value, info->header_size);
    requires spans_ok(info);
    terminates \true;
    assigns *info;
    ensures spans_ok(info);
    ensures info->header_size == \old(info->header_size);
    ensures info->total_size == \old(info->total_size);
    ensures info->is_padding == \old(info->is_padding);
*/
static enum tbf_status tlv_read(const uint8_t *image, struct tbf_span value, uint16_t type,
				struct tbf_info *info)
{
	switch (type) {
	case TBF_TLV_MAIN:
	case TBF_TLV_PROGRAM:
		return program_read(image + value.offset, value.length, type, info);
	case TBF_TLV_FIXED_ADDRESSES:
	case TBF_TLV_SHORT_ID:
	case TBF_TLV_KERNEL_VERSION:
		return number_read(image + value.offset, value.length, type, info);
	case TBF_TLV_WRITEABLE_FLASH:
		if (value.length % 8u != 0)
			return TBF_TLV_LENGTH;
		info->writeable_flash = value;
		return TBF_OK;
	case TBF_TLV_PACKAGE_NAME:
		info->name = value;
		return TBF_OK;
	case TBF_TLV_PERMISSIONS:
		info->permissions = value;
		return TBF_OK;
	case TBF_TLV_STORAGE_PERMISSIONS:
		info->storage_permissions = value;
		return TBF_OK;
	default:
		return TBF_OK; /* a later format's TLV: the length says how far to skip */
	}
}

/*@ requires 16 <= info->header_size && info->header_size % 4 == 0;
    requires \valid_read(image + (0 .. info->header_size - 1));
    requires \valid(info);
    requires \separated(info, image + (0 .. info->header_size - 1));
    requires spans_ok(info);
    terminates \true;
    assigns *info;
    ensures spans_ok(info);
    ensures info->header_size == \old(info->header_size);
    ensures info->total_size == \old(info->total_size);
    ensures info->is_padding == \old(info->is_padding);
*/
static enum tbf_status tlvs_read(const uint8_t *image, struct tbf_info *info)
{
	uint32_t header_size = info->header_size;
	uint32_t at = TBF_BASE_SIZE;

	/*@ loop invariant 16 <= at <= header_size && at % 4 == 0;
	    loop invariant spans_ok(info);
	    loop invariant info->header_size == \at(info->header_size, Pre);
	    loop invariant info->total_size == \at(info->total_size, Pre);
	    loop invariant info->is_padding == \at(info->is_padding, Pre);
	    loop assigns at, *info;
	    loop variant header_size - at;
	*/
	while (at < header_size) {
		uint16_t type = le16_load(image + at);
		uint16_t length = le16_load(image + at + 2);
		struct tbf_span value = {(uint16_t)(at + TLV_HEADER_SIZE), length};

		if (padded(length) > header_size - at - TLV_HEADER_SIZE)
			return TBF_TLV_OVERFLOW;

		enum tbf_status status = tlv_read(image, value, type, info);

		if (status != TBF_OK)
			return status;
		at += TLV_HEADER_SIZE + padded(length);
	}
	return TBF_OK;
}

/*@ requires \valid_read(info);
    requires info->header_size <= info->total_size;
    terminates \true;
    assigns \nothing;
    ensures \result == TBF_OK ==>
	info->header_size + info->protected_size <= info->binary_end_offset &&
	info->header_size + info->init_fn_offset < info->binary_end_offset &&
	info->binary_end_offset <= info->total_size;
*/
static enum tbf_status program_check(const struct tbf_info *info)
{
	if (info->program_tlv == 0)
		return TBF_NO_PROGRAM;
	if (info->binary_end_offset < info->header_size ||
	    info->binary_end_offset > info->total_size)
		return TBF_BAD_BINARY_END;

	uint32_t binary_size = info->binary_end_offset - info->header_size;

	if (info->protected_size > binary_size)
		return TBF_BAD_PROTECTED_SIZE;
	if (info->init_fn_offset >= binary_size)
		return TBF_BAD_INIT_FN;
	return TBF_OK;
}

/*@ requires \valid_read(info);
    requires info->header_size <= info->total_size;
    requires spans_ok(info);
    requires \valid_read(image + (0 .. info->total_size - 1));
    terminates \true;
    assigns \nothing;
    ensures \result == TBF_OK ==> tbf_regions_ok(image, info);
*/
static enum tbf_status writeable_flash_check(const uint8_t *image, const struct tbf_info *info)
{
	uint32_t at = info->writeable_flash.offset;
	uint32_t count = tbf_writeable_flash_count(info);

	/*@ loop invariant 0 <= i <= count;
	    loop invariant at == info->writeable_flash.offset + 8 * i;
	    loop invariant \forall integer k; 0 <= k < i ==>
		tbf_region_ok(image, info->writeable_flash.offset, k, info->total_size);
	    loop assigns i, at;
	    loop variant count - i;
	*/
	for (uint32_t i = 0; i < count; i++) {
		uint32_t offset = le32_load(image + at);
		uint32_t size = le32_load(image + at + 4);

		if (offset > info->total_size || size > info->total_size - offset)
			return TBF_BAD_WRITEABLE_FLASH;
		/*@ assert this_one: tbf_region_ok(image, info->writeable_flash.offset, i,
						   info->total_size);
		*/
		at += 8;
	}
	return TBF_OK;
}

enum tbf_status tbf_parse(const uint8_t *image, uint32_t available, struct tbf_info *info)
{
	info_clear(info);

	enum tbf_status status = base_read(image, available, info);

	if (status != TBF_OK)
		return status;
	if (info->header_size == TBF_BASE_SIZE) {
		info->is_padding = true;
		return TBF_OK;
	}
	status = tlvs_read(image, info);
	if (status != TBF_OK)
		return status;
	status = program_check(info);
	if (status != TBF_OK)
		return status;
	return writeable_flash_check(image, info);
}

bool tbf_kernel_version_ok(const struct tbf_info *info, uint16_t major, uint16_t minor)
{
	if (!info->has_kernel_version)
		return true;
	return info->kernel_major == major && info->kernel_minor <= minor;
}

bool tbf_writeable_flash(const uint8_t *image, const struct tbf_info *info, uint32_t index,
			 struct tbf_region *region)
{
	if (index >= tbf_writeable_flash_count(info))
		return false;

	/*@ assert this_one: tbf_region_ok(image, info->writeable_flash.offset, index,
					   info->total_size);
	*/
	const uint8_t *entry = image + info->writeable_flash.offset + index * 8u;

	region->offset = le32_load(entry);
	region->size = le32_load(entry + 4);
	return true;
}

enum tbf_status tbf_footer_next(const uint8_t *image, const struct tbf_info *info,
				uint32_t *position, struct tbf_footer *footer)
{
	uint32_t at = *position;
	uint32_t total_size = info->total_size;

	if (at > total_size || total_size - at < TLV_HEADER_SIZE)
		return TBF_END_OF_FOOTERS;

	uint16_t type = le16_load(image + at);
	uint16_t length = le16_load(image + at + 2);
	uint32_t left = total_size - at - TLV_HEADER_SIZE;

	if ((type == 0 && length == 0) || (type == 0xFFFF && length == 0xFFFF))
		return TBF_END_OF_FOOTERS; /* filled up with zeros or ones */
	if (length > left)
		return TBF_BAD_FOOTER;
	if (type == TBF_TLV_CREDENTIALS && length < FOOTER_FORMAT_SIZE)
		return TBF_BAD_FOOTER;

	bool is_credential = type == TBF_TLV_CREDENTIALS;
	uint32_t data = at + TLV_HEADER_SIZE;

	footer->type = type;
	footer->format = is_credential ? le32_load(image + data) : 0;
	footer->offset = is_credential ? data + FOOTER_FORMAT_SIZE : data;
	footer->length = is_credential ? length - 4u : length;
	*position = padded(length) > left ? total_size : data + padded(length);
	return TBF_OK;
}

const char *tbf_status_text(enum tbf_status status)
{
	switch (status) {
	case TBF_OK:
		return "ok";
	case TBF_END_OF_APPS:
		return "no header: end of applications";
	case TBF_TRUNCATED:
		return "flash ends inside the header";
	case TBF_BAD_VERSION:
		return "header version is not 2";
	case TBF_BAD_HEADER_SIZE:
		return "header size is impossible";
	case TBF_BAD_TOTAL_SIZE:
		return "total size is impossible or beyond the end of flash";
	case TBF_BAD_CHECKSUM:
		return "header checksum is wrong";
	case TBF_TLV_OVERFLOW:
		return "a TLV reaches beyond the header";
	case TBF_TLV_LENGTH:
		return "a TLV has the wrong length for its type";
	case TBF_NO_PROGRAM:
		return "header has neither a Program nor a Main TLV";
	case TBF_BAD_BINARY_END:
		return "end of binary is outside the image";
	case TBF_BAD_PROTECTED_SIZE:
		return "protected region is larger than the binary";
	case TBF_BAD_INIT_FN:
		return "entry point is outside the binary";
	case TBF_BAD_WRITEABLE_FLASH:
		return "a writeable flash region is outside the image";
	case TBF_END_OF_FOOTERS:
		return "no more footers";
	case TBF_BAD_FOOTER:
		return "a footer reaches beyond the image or is too short";
	}
	return "unknown status";
}
