/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "app_binary.h"

#include "process.h"
#include "trusted/linker.h"

bool app_binary_ok(const struct app_binary *binary)
{
	uptr_t start = arch_address_of(linker_apps_start);
	uptr_t end = arch_address_of(linker_apps_end);

	return binary->address >= start && binary->address <= end &&
	       binary->size <= end - binary->address;
}

enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info)
{
	process_unmap(); /* a plan in force keeps the kernel from that process's flash */
	return tbf_parse(arch_kernel_pointer(binary->address), binary->size, info);
}

bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to, uint32_t length)
{
	const uint8_t *flash = arch_kernel_pointer(binary->address);

	if (offset > binary->size || length > binary->size - offset)
		return false;
	process_unmap();
	for (uint32_t i = 0; i < length; i++)
		to[i] = flash[offset + i];
	return true;
}
