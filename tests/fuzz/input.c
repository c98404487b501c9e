/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fuzz.h"

#include "abi/tbf.h"
#include "lib/bytes.h"

#include <string.h>

enum { HEADER = 40 };

uint8_t fuzz_u8(struct fuzz_input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->bytes++;
}

uint16_t fuzz_u16(struct fuzz_input *input)
{
	uint16_t low = fuzz_u8(input);

	return (uint16_t)(low | fuzz_u8(input) << 8);
}

uint32_t fuzz_u32(struct fuzz_input *input)
{
	uint32_t low = fuzz_u16(input);

	return low | (uint32_t)fuzz_u16(input) << 16;
}

static void seal(uint8_t *head)
{
	uint32_t sum = 0;

	le32_store(head + 12, 0);
	for (uint32_t i = 0; i < HEADER; i += 4)
		sum ^= le32_load(head + i);
	le32_store(head + 12, sum);
}

void fuzz_application(struct fuzz_input *input, uint8_t *to, uint32_t size)
{
	memset(to, fuzz_u8(input), size);
	memset(to, 0, HEADER);
	le16_store(to, TBF_VERSION);
	le16_store(to + 2, HEADER);
	le32_store(to + 4, size);
	le32_store(to + 8, TBF_FLAG_ENABLED);
	le16_store(to + 16, TBF_TLV_PROGRAM);
	le16_store(to + 18, 20);
	le32_store(to + 28, fuzz_u8(input) % 4);
	le32_store(to + 32, size);
	le32_store(to + 36, fuzz_u8(input) % 4);
	if (fuzz_u8(input) % 16 == 0)
		to[fuzz_u8(input) % HEADER] ^= fuzz_u8(input);
	seal(to);
}
