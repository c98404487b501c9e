/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tock Binary Format: what the header of an application image in flash says.
 *
 * The image is hostile input. It is read byte by byte, so neither its alignment
 * nor the machine's byte order matters; nothing is copied out of it but numbers.
 * Source: Tock's documentation, "Tock Binary Format"; abi/tbf.h has the numbers.
 */
#ifndef LIB_TBF_H
#define LIB_TBF_H

#include "lib/bytes.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* Why a header was refused: one value a cause. */
enum tbf_status {
	TBF_OK,
	TBF_END_OF_APPS,     /* erased flash: there is no header here */
	TBF_TRUNCATED,       /* flash ends before the header does */
	TBF_BAD_VERSION,     /* not version 2 */
	TBF_BAD_HEADER_SIZE, /* under 16, no multiple of 4, or more than total_size */
	TBF_BAD_TOTAL_SIZE,  /* under 16, or more than the flash that is left */
	TBF_BAD_CHECKSUM,
	TBF_TLV_OVERFLOW,        /* a TLV reaches beyond the header */
	TBF_TLV_LENGTH,          /* a TLV's length is wrong for its type */
	TBF_NO_PROGRAM,          /* neither a Main nor a Program TLV */
	TBF_BAD_BINARY_END,      /* binary_end_offset outside header_size .. total_size */
	TBF_BAD_PROTECTED_SIZE,  /* the protected region reaches beyond the binary */
	TBF_BAD_INIT_FN,         /* the entry point is not inside the binary */
	TBF_BAD_WRITEABLE_FLASH, /* a writeable flash region is not inside the image */
	TBF_END_OF_FOOTERS,
	TBF_BAD_FOOTER, /* a footer reaches beyond the image, or is too short */
};

/* In fixed_ram and fixed_flash: no address was given. */
#define TBF_ADDRESS_ANY UINT32_C(0xFFFFFFFF)

/* Bytes of the image: [offset, offset + length), counted from its first byte. */
struct tbf_span {
	uint16_t offset;
	uint16_t length; /* 0: the header has no such TLV, or an empty one */
};

/* All offsets count from the first byte of the image but where noted. */
struct tbf_info {
	uint32_t total_size;  /* bytes to the next header; 0: not known */
	uint16_t header_size; /* bytes */
	bool is_padding;      /* only a gap filler: nothing below is set */
	bool has_kernel_version;
	uint16_t program_tlv;       /* TBF_TLV_MAIN or TBF_TLV_PROGRAM: where the next came from */
	uint32_t flags;             /* enum tbf_flag */
	uint32_t init_fn_offset;    /* entry point, from the end of the header */
	uint32_t protected_size;    /* bytes after the header that the app leaves alone */
	uint32_t min_ram;           /* bytes */
	uint32_t binary_end_offset; /* the first footer; total_size without a Program TLV */
	uint32_t app_version;       /* 0 without a Program TLV */
	uint32_t fixed_ram;         /* address, or TBF_ADDRESS_ANY */
	uint32_t fixed_flash;       /* address of the first byte after the protected region */
	uint32_t short_id;          /* 0: not given */
	uint16_t kernel_major;      /* only with has_kernel_version */
	uint16_t kernel_minor;
	struct tbf_span name;        /* text without a final 0; not checked to be UTF-8 */
	struct tbf_span permissions; /* u16 count, then 16 bytes each */
	struct tbf_span storage_permissions;
	struct tbf_span writeable_flash; /* 8 bytes an entry; see tbf_writeable_flash() */
};

/*@ predicate tbf_span_ok(struct tbf_span span, integer size) =
	span.offset + span.length <= size;

    predicate tbf_info_ok(struct tbf_info *info, integer available) =
	16 <= info->header_size <= info->total_size <= available &&
	(info->is_padding ? info->header_size == 16 :
		info->header_size + info->protected_size <= info->binary_end_offset &&
		info->header_size + info->init_fn_offset < info->binary_end_offset &&
		info->binary_end_offset <= info->total_size) &&
	tbf_span_ok(info->name, info->header_size) &&
	tbf_span_ok(info->permissions, info->header_size) &&
	tbf_span_ok(info->storage_permissions, info->header_size) &&
	tbf_span_ok(info->writeable_flash, info->header_size) &&
	info->writeable_flash.length % 8 == 0;

    // Entry number i of the writeable flash regions whose first one is at `first`.
    predicate tbf_region_ok(uint8_t *image, integer first, integer i, integer total_size) =
	le32_number(image + (first + 8 * i)) + le32_number(image + (first + 8 * i + 4)) <=
	total_size;

    predicate tbf_regions_ok(uint8_t *image, struct tbf_info *info) =
	\forall integer i; 0 <= i < info->writeable_flash.length / 8 ==>
	tbf_region_ok(image, info->writeable_flash.offset, i, info->total_size);
*/

/*
 * Reads the header at `image`, of which `available` bytes may be read. On TBF_OK
 * every offset in `info` lies inside the image, and the image inside `available`.
 * Otherwise info->total_size says how many bytes to skip to look for the next
 * header, or 0 when nothing after this can be found; no other field is of use.
 * Of several Main or several Program TLVs the first counts, of any other the last.
 * A disabled application is not an error: look at `flags`.
 */
/*@ requires \valid_read(image + (0 .. available - 1));
    requires \valid(info);
    requires \separated(info, image + (0 .. available - 1));
    terminates \true;
    assigns *info;
    ensures \result == TBF_OK ==> tbf_info_ok(info, available);
    ensures \result == TBF_OK && !info->is_padding ==> tbf_regions_ok(image, info);
    ensures info->total_size <= available;
    ensures info->total_size == 0 || info->total_size >= 16;
    ensures available == 0 ==> \result == TBF_END_OF_APPS;
*/
enum tbf_status tbf_parse(const uint8_t *image, uint32_t available,
			  struct tbf_info *info) MUST_CHECK;

/* What a status means, as text for a person; never null. */
/*@ terminates \true;
    assigns \result \from status;
*/
const char *tbf_status_text(enum tbf_status status);

/*
 * True when a kernel of version major.minor can run the application: same major,
 * and the application asks for no newer minor. An application that does not say
 * is taken to ask for what every kernel has.
 */
/*@ requires \valid_read(info);
    terminates \true;
    assigns \nothing;
    ensures \result <==> (info->has_kernel_version == 0 ||
			  (info->kernel_major == major && info->kernel_minor <= minor));
*/
bool tbf_kernel_version_ok(const struct tbf_info *info, uint16_t major, uint16_t minor);

/* A part of flash that the application may have rewritten: within the image. */
struct tbf_region {
	uint32_t offset;
	uint32_t size;
};

/* How many writeable flash regions the header names. */
/*@ requires \valid_read(info);
    terminates \true;
    assigns \nothing;
    ensures \result == info->writeable_flash.length / 8;
*/
static inline uint32_t tbf_writeable_flash_count(const struct tbf_info *info)
{
	return info->writeable_flash.length / 8u;
}

/*
 * The region number `index` of an image that tbf_parse() took; false when there
 * are not so many. `image` must be the one parsed, unchanged.
 */
/*@ requires tbf_info_ok(info, info->total_size) && tbf_regions_ok(image, info);
    requires \valid_read(info);
    requires \valid_read(image + (0 .. info->total_size - 1));
    requires \valid(region) && \separated(region, info, image + (0 .. info->total_size - 1));
    terminates \true;
    assigns *region;
    ensures \result <==> index < info->writeable_flash.length / 8;
    ensures \result ==> region->offset + region->size <= info->total_size;
*/
bool tbf_writeable_flash(const uint8_t *image, const struct tbf_info *info, uint32_t index,
			 struct tbf_region *region) MUST_CHECK;

/* One footer: `format` is an enum tbf_credential or unknown, and the bytes after it. */
struct tbf_footer {
	uint16_t type;   /* TLV type; TBF_TLV_CREDENTIALS */
	uint32_t format; /* 0 for another type */
	uint32_t offset; /* of the data, from the first byte of the image */
	uint32_t length; /* bytes of data */
};

/*
 * The footer at `*position`, and moves `*position` to the next; start with
 * info->binary_end_offset. An unknown type or format is a footer like any other,
 * so that the ones after it are found. TBF_END_OF_FOOTERS: there are no more.
 * TBF_BAD_FOOTER: what is there is not a footer, and nothing after it can be found.
 */
/*@ requires \valid_read(info) && \valid(position) && \valid(footer);
    requires \separated(position, footer, info, image + (0 .. info->total_size - 1));
    requires \valid_read(image + (0 .. info->total_size - 1));
    terminates \true;
    assigns *position, *footer;
    ensures \result == TBF_OK ==>
	\old(*position) <= footer->offset &&
	footer->offset + footer->length <= *position &&
	\old(*position) < *position <= info->total_size;
    ensures \result != TBF_OK ==> *position == \old(*position);
    ensures \result == TBF_OK || \result == TBF_END_OF_FOOTERS || \result == TBF_BAD_FOOTER;
*/
enum tbf_status tbf_footer_next(const uint8_t *image, const struct tbf_info *info,
				uint32_t *position, struct tbf_footer *footer) MUST_CHECK;

#endif
