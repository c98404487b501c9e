/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "app_binary.h"

#include "abi/tbf.h"
#include "lib/bytes.h"
#include "process.h"
#include "trusted/linker.h"

#include <stddef.h>

bool app_binary_ok(const struct app_binary *binary)
{
	uptr_t start = arch_address_of(linker_apps_start);
	uptr_t end = arch_address_of(linker_apps_end);

	return binary->address >= start && binary->address <= end &&
	       binary->size <= end - binary->address && binary->head_length <= binary->size;
}

enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info)
{
	process_unmap(); /* a plan in force keeps the kernel from that process's flash */
	if (binary->head == NULL)
		return tbf_parse(arch_kernel_pointer(binary->address), binary->size, info);
	*info = (struct tbf_info){0};
	if (binary->head_length < TBF_BASE_SIZE ||
	    binary->head_length < le16_load(binary->head + 2))
		return TBF_TRUNCATED;
	/* The parser reads no byte after the header. */
	return tbf_parse(binary->head, binary->size, info);
}

bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to, uint32_t length)
{
	uint32_t given = binary->head == NULL ? 0 : binary->head_length;
	const uint8_t *flash = arch_kernel_pointer(binary->address);

	if (offset > binary->size || length > binary->size - offset)
		return false;
	process_unmap();
	for (uint32_t i = 0; i < length; i++)
		to[i] = offset + i < given ? binary->head[offset + i] : flash[offset + i];
	return true;
}
