/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The honest neighbour of every attack: it looks after its memory, its upcalls and its grants, and
 * says so every 5 ms.
 */
#include "hostile.h"

enum {
	WORDS = 512,
	PERIOD_MS = 5,
	DATA = 0x5EED5,
	ANYWHERE = 0xA11A11,
};

static uint32_t pattern[WORDS];
static uint32_t constant = 0xC0FFEE11;
static volatile uint32_t fired;
static volatile bool wrong_upcall;

static uint32_t expected(uint32_t index)
{
	return index * 2654435761u ^ 0xA5A5A5A5u;
}

static void alarm_fired(uint32_t now, uint32_t expiry, uint32_t nothing, uint32_t data)
{
	(void)now;
	(void)expiry;
	fired++;
	if (nothing != 0 || data != DATA)
		wrong_upcall = true;
}

static uint32_t checksum(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < WORDS; i++) {
		if (pattern[i] != expected(i))
			say_number("witness BROKEN: memory at ", at(&pattern[i]));
		sum = (sum << 1 | sum >> 31) ^ pattern[i];
	}
	return sum;
}

static bool is_placed(void)
{
	uint32_t start = memory(MEMOP_RAM_START);

	return start <= given.witness_ram && given.witness_ram < memory(MEMOP_GRANT_START) &&
	       given.witness_ram - start < 4 * KIB &&
	       memory(MEMOP_FLASH_START) == given.witness_flash;
}

/* The buffer handed back is the one that was shared, or the table of grants is not what it was. */
static void check_grants(uint32_t buffer)
{
	struct answer old = allow_rw(DRIVER_CONSOLE, 1, at(pattern) + buffer, 16);
	uint32_t before = at(pattern) + (buffer ^ 16);

	if (old.r[0] != SYSCALL_SUCCESS_2_U32 || (old.r[1] != before && old.r[1] != 0))
		say_number("witness BROKEN: buffer ", old.r[1]);
}

void attack(void)
{
	uint32_t period = command(DRIVER_ALARM, 1, 0, 0).r[1] / 1000 * PERIOD_MS;

	for (uint32_t i = 0; i < WORDS; i++)
		pattern[i] = expected(i);
	must(given.parameter == ANYWHERE || is_placed(),
	     "the witness is not where attacks look for it");
	for (uint32_t beat = 0;; beat++) {
		uint32_t before = fired;

		subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)alarm_fired, DATA);
		command(DRIVER_ALARM, 5, period, 0);
		while (fired == before && !wrong_upcall)
			sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
		check_grants(beat % 2 * 16);
		if (wrong_upcall || fired != before + 1 || constant != 0xC0FFEE11)
			say("witness BROKEN: upcall");
		say_number("witness ok ", checksum());
	}
}
