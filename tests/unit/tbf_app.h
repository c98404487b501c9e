/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Headers of applications that tests make: a base header and a program TLV. */
#ifndef TBF_APP_H
#define TBF_APP_H

#include "abi/tbf.h"
#include "lib/bytes.h"

#include <string.h>

enum {
	TBF_APP_HEADER = 40,
	/* Offsets of words of the program TLV. */
	TBF_APP_MIN_RAM = 28,
	TBF_APP_BINARY_END = 32,
	TBF_APP_VERSION = 36,
};

/* Of an enabled application of `size` bytes without footers; all else in it is 0, the checksum too. */
static inline void tbf_app_header(uint8_t head[TBF_APP_HEADER], uint32_t size)
{
	memset(head, 0, TBF_APP_HEADER);
	le16_store(head, TBF_VERSION);
	le16_store(head + 2, TBF_APP_HEADER);
	le32_store(head + 4, size);
	le32_store(head + 8, TBF_FLAG_ENABLED);
	le16_store(head + 16, TBF_TLV_PROGRAM);
	le16_store(head + 18, 20);
	le32_store(head + TBF_APP_BINARY_END, size);
}

/* The checksum of a header of `length` bytes, a multiple of 4. */
static inline void tbf_app_seal(uint8_t *head, uint32_t length)
{
	uint32_t sum = 0;

	le32_store(head + 12, 0);
	for (uint32_t i = 0; i < length; i += 4)
		sum ^= le32_load(head + i);
	le32_store(head + 12, sum);
}

#endif
