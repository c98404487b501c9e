/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A write goes with the rights of a process that does not exist: its plan opens
 * the one page as its RAM, and nothing else but a page of code it never runs.
 */
#include "trusted/app_memory.h"

#include "process.h"
#include "trusted/linker.h"

uint32_t app_memory_size(void)
{
	return arch_address_of(linker_apps_end) - arch_address_of(linker_apps_start);
}

static bool within(uint32_t offset, size_t length)
{
	return offset <= app_memory_size() && length <= app_memory_size() - offset;
}

bool app_memory_read(uint32_t offset, void *destination, size_t length)
{
	uint8_t *to = destination;

	if (!within(offset, length))
		return false;

	const uint8_t *source = arch_kernel_pointer(arch_address_of(linker_apps_start) + offset);

	process_unmap(); /* its own plan would keep the kernel from its flash */
	for (size_t i = 0; i < length; i++)
		to[i] = source[i];
	return true;
}

bool app_memory_write(uint32_t offset, const void *source, size_t length)
{
	uptr_t start = arch_address_of(linker_apps_start);
	uptr_t page = start + offset / APP_MEMORY_PAGE * APP_MEMORY_PAGE;
	uptr_t other = page == start ? start + APP_MEMORY_PAGE : start;
	static const struct arch_window none[ARCH_WINDOWS];
	const struct arch_regions regions = {
		.windows = none,
		.flash_start = other,
		.code_end = other + APP_MEMORY_PAGE,
		.flash_end = other + APP_MEMORY_PAGE,
		.ram_start = page,
		.ram_need = page + APP_MEMORY_PAGE,
		.ram_limit = page + APP_MEMORY_PAGE,
	};
	struct arch_mpu mpu;

	if (!within(offset, length) || length > APP_MEMORY_PAGE - offset % APP_MEMORY_PAGE ||
	    !arch_mpu_plan(&mpu, &regions))
		return false;
	process_unmap();
	arch_mpu_load(&mpu);

	bool done = arch_user_write(start + offset, source, length);

	process_unmap();
	return done;
}
