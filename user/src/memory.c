/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/memory.h"

#include "detent/syscall.h"

/* For operations that cannot fail; 0 if they do nevertheless. */
static uintptr_t read_word(enum memop_number number)
{
	uintptr_t value = 0;

	if (memop(number, 0, &value) != E_OK)
		return 0;
	return value;
}

enum error memory_extend(ptrdiff_t bytes, void **was)
{
	uintptr_t old = 0;
	enum error error = memop(MEMOP_SBRK, (uintptr_t)bytes, &old);

	if (error == E_OK)
		*was = (void *)old;
	return error;
}

struct memory_range memory_ram(void)
{
	return (struct memory_range){read_word(MEMOP_RAM_START), read_word(MEMOP_RAM_END)};
}

struct memory_range memory_flash(void)
{
	return (struct memory_range){read_word(MEMOP_FLASH_START), read_word(MEMOP_FLASH_END)};
}

uintptr_t memory_grant_start(void)
{
	return read_word(MEMOP_GRANT_START);
}

uint32_t memory_flash_region_count(void)
{
	return (uint32_t)read_word(MEMOP_FLASH_REGIONS);
}

enum error memory_flash_region(uint32_t index, struct memory_range *region)
{
	struct memory_range found;
	enum error error = memop(MEMOP_FLASH_REGION_START, index, &found.start);

	if (error != E_OK)
		return error;
	error = memop(MEMOP_FLASH_REGION_END, index, &found.end);
	if (error == E_OK)
		*region = found;
	return error;
}
