/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Uses its flash as OpenSK does: asks memop 12 to 15 where it is, reads it there, writes and
 * erases it by driver 0x50003 (docs/syscalls/50003_opensk.md). At the end it writes where it
 * may only read, and faults.
 */
#include <stdio.h>
#include <string.h>

#include "detent/syscall.h"

enum { INFORMATION = 1, WRITE = 2, ERASE = 3, EVENT_DONE = 0, ALLOW_BYTES = 0 };

static unsigned int failed;

static void check(const char *what, bool right)
{
	if (right)
		return;
	failed++;
	printf("opensk_store: %s is wrong\n", what);
}

static uintptr_t ask(enum memop_number number, uintptr_t argument)
{
	uintptr_t value = 0;

	check("memop", memop(number, argument, &value) == E_OK);
	return value;
}

static uint32_t information(uint32_t number)
{
	uint32_t value = 0;

	check("information", command_value(DRIVER_KEY_VALUE, INFORMATION, number, &value) == E_OK);
	return value;
}

static enum error change(uint32_t number, uintptr_t place, size_t length)
{
	enum error error =
		command_done(DRIVER_KEY_VALUE, number, (uint32_t)place, (uint32_t)length);

	return error == E_OK ? (enum error)yield_wait_for(DRIVER_KEY_VALUE, EVENT_DONE).arg[0]
			     : error;
}

static bool blank(const volatile uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != 0xff)
			return false;
	return true;
}

static void check_changes(uintptr_t start, size_t length)
{
	static const uint8_t text[16] = "a security key";
	const volatile uint8_t *flash = (const volatile uint8_t *)start;
	uint8_t back[sizeof(text)];

	check("erase", change(ERASE, start, length) == E_OK && blank(flash, length));
	allow_ro(DRIVER_KEY_VALUE, ALLOW_BYTES, (struct allowed_const){text, sizeof(text)}, NULL);
	check("write", change(WRITE, start + 64, sizeof(text)) == E_OK);
	for (size_t i = 0; i < sizeof(text); i++)
		back[i] = flash[64 + i];
	check("what was written", memcmp(back, text, sizeof(text)) == 0);
	check("before and behind", blank(flash, 64) && blank(flash + 80, length - 80));
	check("a write behind the end", change(WRITE, start + length, sizeof(text)) == E_INVAL);
	check("an erase in the middle", change(ERASE, start + 64, length) == E_INVAL);
	check("erase again", change(ERASE, start, length) == E_OK && blank(flash, length));
}

int main(void)
{
	uintptr_t value, start, length;

	check("windows", ask(MEMOP_WINDOWS, 0) == 1);
	start = ask(MEMOP_WINDOW_START, 0);
	length = ask(MEMOP_WINDOW_LENGTH, 0);
	check("type", ask(MEMOP_WINDOW_TYPE, 0) == 1);
	check("no second one", memop(MEMOP_WINDOW_START, 1, &value) == E_FAIL);
	check("word, page", information(0) == 4 && information(1) == length);
	check("writes, erases", information(2) >= 1 && information(3) == 100000);
	check_changes(start, length);
	printf("opensk_store: %u failed, writing\n", failed);
	*(volatile uint32_t *)start = 0;
	printf("opensk_store: came back\n");
	return 0;
}
