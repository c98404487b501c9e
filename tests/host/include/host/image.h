/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Application images, whole or damaged, for the kernel's loader. */
#ifndef HOST_IMAGE_H
#define HOST_IMAGE_H

#include "abi/tbf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left 0 gets the value in brackets. */
struct host_image_options {
	const char *name;                    /* [no name] */
	uint32_t total_size;                 /* bytes [4096] */
	uint32_t footers;                    /* the last bytes of these [none] */
	uint32_t min_ram;                    /* bytes [8192] */
	uint32_t fixed_ram, fixed_flash;     /* [anywhere] */
	uint16_t kernel_major, kernel_minor; /* [2.2] */
	bool disabled;
	bool padding;  /* only a gap */
	bool main_tlv; /* a Main TLV in place of a Program TLV */
	uint32_t short_id;
	uint32_t init_fn_offset, protected_size;
	const void *tlvs; /* further TLVs, each padded to 4 bytes */
	uint32_t tlvs_length;
};

/* Writes an image of options->total_size bytes; returns that size. */
uint32_t host_image_build(uint8_t *bytes, size_t capacity,
			  const struct host_image_options *options);

/* Makes the checksum of a changed header right. */
void host_image_seal(uint8_t *bytes);

/* Puts bytes into the board's flash behind what is there; returns their address. */
uint32_t host_flash_add(const void *bytes, size_t length);

#endif
