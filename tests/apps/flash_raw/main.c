/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Raw flash: driver 0xD0001; or, on a board that has OpenSK's numbers instead
 * (memop 12 answers there), driver 0x50003 with the flash mapped for reading.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "detent/syscall.h"

enum { INFO = 1, READ = 2, WRITE = 3, ERASE = 4 };
enum { OPENSK_WRITE = 2, OPENSK_ERASE = 3 };

static unsigned int failed;
static uint8_t bytes[8] = {0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0};
static uint8_t back[16];

static void expect(const char *what, bool passed)
{
	if (passed)
		return;
	printf("flash_raw: wrong: %s\n", what);
	failed++;
}

static uint32_t info(uint32_t driver, uint32_t which)
{
	uint32_t value = 0;

	expect("info", command_value(driver, INFO, which, &value) == E_OK);
	return value;
}

static enum error does(uint32_t driver, uint32_t number, uint32_t where, uint32_t length)
{
	enum error error = command_done(driver, number, where, length);

	return error != E_OK ? error : (enum error)yield_wait_for(driver, 0).arg[0];
}

static void by_offset(void)
{
	uint32_t size = info(DRIVER_FLASH_GEOMETRY, 0);
	uint32_t page = info(DRIVER_FLASH_GEOMETRY, 1);

	expect("geometry", page != 0 && size % page == 0 && size / page >= 2);
	allow_ro(DRIVER_FLASH_GEOMETRY, 0, (struct allowed_const){bytes, sizeof(bytes)}, NULL);
	allow_rw(DRIVER_FLASH_GEOMETRY, 0, (struct allowed){back, sizeof(back)}, NULL);
	expect("erase", does(DRIVER_FLASH_GEOMETRY, ERASE, page, 0) == E_OK);
	expect("write", does(DRIVER_FLASH_GEOMETRY, WRITE, page + 4, 0) == E_OK);
	expect("read", does(DRIVER_FLASH_GEOMETRY, READ, page, 0) == E_OK);
	expect("what was read",
	       memcmp(back + 4, bytes, sizeof(bytes)) == 0 && back[0] == 0xFF && back[12] == 0xFF);
	expect("a write beyond the end",
	       does(DRIVER_FLASH_GEOMETRY, WRITE, size - 4, 0) == E_INVAL);
	expect("an erase beyond the end", does(DRIVER_FLASH_GEOMETRY, ERASE, size, 0) == E_INVAL);
	expect("a read beyond the end",
	       does(DRIVER_FLASH_GEOMETRY, READ, UINT32_MAX, 0) == E_INVAL);
}

static void by_address(void)
{
	uintptr_t start = 0, length = 0, type = 0;
	uint32_t page = info(DRIVER_KEY_VALUE, 1);

	expect("memop", memop(MEMOP_WINDOW_START, 0, &start) == E_OK &&
				memop(MEMOP_WINDOW_LENGTH, 0, &length) == E_OK &&
				memop(MEMOP_WINDOW_TYPE, 0, &type) == E_OK && type == 1);
	expect("no second window", memop(MEMOP_WINDOW_START, 1, NULL) == E_FAIL);

	const uint8_t *flash = (const uint8_t *)start;

	allow_ro(DRIVER_KEY_VALUE, 0, (struct allowed_const){bytes, sizeof(bytes)}, NULL);
	expect("erase", does(DRIVER_KEY_VALUE, OPENSK_ERASE, start + page, page) == E_OK);
	expect("blank", flash[page] == 0xFF && flash[2 * page - 1] == 0xFF);
	expect("write", does(DRIVER_KEY_VALUE, OPENSK_WRITE, start + page + 4, 8) == E_OK);
	expect("what is there", memcmp(flash + page + 4, bytes, sizeof(bytes)) == 0);
	expect("before it", does(DRIVER_KEY_VALUE, OPENSK_WRITE, start - 4, 8) == E_INVAL);
	expect("behind it", does(DRIVER_KEY_VALUE, OPENSK_WRITE, start + length - 4, 8) == E_INVAL);
	if (failed == 0)
		printf("flash_raw: mapped, now a write that must fault\n");
	*(volatile uint8_t *)start = 0;
	expect("a fault", false);
}

int main(void)
{
	if (memop(MEMOP_WINDOWS, 0, NULL) == E_OK)
		by_address();
	else
		by_offset();
	printf(failed == 0 ? "flash_raw: passed\n" : "flash_raw: failed\n");
	return (int)failed;
}
