/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Two that work together: one lends its memory to drivers, the other tries to get at it. */
#include "hostile.h"

enum { LENT_LED = 0, FOREVER_MS = 200 };

static uint8_t buffer[64];

#ifdef __arm__
enum { RAM_APART = 0 }; /* as far as the RAM is long */
#else
enum { RAM_APART = 0x10000 };
#endif

/* The same object of the application in the place before: its image is as large as this one. */
static uint32_t neighbours(const void *object)
{
	uint32_t length = memory(MEMOP_RAM_END) - memory(MEMOP_RAM_START);

	return at(object) - (RAM_APART != 0 ? RAM_APART : length);
}

ATTACK(collude_lend, ENDS, "shares its buffer with drivers for an accomplice, who must not get it")
{
	for (uint32_t i = 0; i < sizeof(buffer); i++)
		buffer[i] = (uint8_t)(i + 1);
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	allow_ro(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	mark(LENT_LED);
	sleep_ms(FOREVER_MS);
	for (uint32_t i = 0; i < sizeof(buffer); i++)
		must(buffer[i] == i + 1, "the accomplice wrote to its memory");
}

ATTACK(collude_take, FAULTS,
       "wants what an accomplice shared: as a buffer, as a flag, by reading it")
{
	uint32_t theirs = neighbours(buffer);

	for (uint32_t i = 0; i < FOREVER_MS / 4 && !marked(LENT_LED); i++)
		sleep_ms(1);
	for (uint32_t offset = 0; offset < sizeof(buffer); offset += 8) {
		must(allow_rw(DRIVER_CONSOLE, 1, theirs + offset, 8).r[0] == SYSCALL_FAILURE_2_U32,
		     "rw");
		must(allow_ro(DRIVER_CONSOLE, 1, theirs + offset, 8).r[0] == SYSCALL_FAILURE_2_U32,
		     "ro");
		must(allow_rw(DRIVER_RNG, 0, theirs + offset, 8).r[0] == SYSCALL_FAILURE_2_U32,
		     "RNG");
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, theirs + offset, 0, 0);
	}
	(void)read_word(theirs);
	succeeded("the read came back");
}
