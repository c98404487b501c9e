/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The input is what lies in flash; what of it can run does, and is steered. */
#include "fuzz.h"

enum { STEERED = 2 /* processes */ };

/* Checksums cannot be guessed: bit 0 of the first byte says that they are made right. */
static void seal_headers(uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at + TBF_BASE_SIZE <= length;) {
		uint32_t header = bytes[at + 2] | (uint32_t)bytes[at + 3] << 8;
		uint32_t total = bytes[at + 4] | (uint32_t)bytes[at + 5] << 8;

		if (header >= TBF_BASE_SIZE && header % 4 == 0 && header <= length - at)
			host_image_seal(bytes + at);
		if (total < TBF_BASE_SIZE || total > length - at)
			return;
		at += total;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static uint8_t flash[8192];
	size_t used = length > 0 ? length - 1 : 0;

	if (used > sizeof(flash))
		used = sizeof(flash);
	for (size_t i = 0; i < used; i++)
		flash[i] = bytes[i + 1];
	if (length > 0 && bytes[0] % 2 != 0)
		seal_headers(flash, used);
	host_board_start(NULL);
	host_flash_add(flash, used);
	(void)host_settle(NULL);
	for (uint32_t i = 0; i < STEERED && fuzz_alive(); i++) {
		struct process_info info;
		char name[40];

		if (!process_inspect(&host_admin, i, &info))
			continue;
		(void)process_name(&host_admin, info.id, name, sizeof(name));
		(void)process_fault(&host_admin, info.id);
		(void)process_terminate(&host_admin, info.id);
		process_load(&host_admin);
		(void)process_boot(&host_admin, info.id);
		host_raise(HOST_IRQ_PANEL);
		(void)host_settle(NULL);
	}
	return 0;
}
