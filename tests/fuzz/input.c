/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fuzz.h"

#include "tbf_app.h"

#include <string.h>

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

void fuzz_application(struct fuzz_input *input, uint8_t *to, uint32_t size)
{
	memset(to, fuzz_u8(input), size);
	tbf_app_header(to, size);
	le32_store(to + TBF_APP_MIN_RAM, fuzz_u8(input) % 4);
	le32_store(to + TBF_APP_VERSION, fuzz_u8(input) % 4);
	if (fuzz_u8(input) % 16 == 0) {
		uint8_t changed = fuzz_u8(input);

		to[fuzz_u8(input) % TBF_APP_HEADER] ^= changed;
	}
	tbf_app_seal(to, TBF_APP_HEADER);
}
