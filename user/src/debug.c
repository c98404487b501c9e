/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/debug.h"

#include "detent/syscall.h"

/* Tock's low-level debug, doc/syscalls/00008_low_level_debug.md. */
enum {
	COMMAND_ALERT = 1,
	COMMAND_PRINT = 2,
	COMMAND_PRINT_TWO = 3,
};

enum error debug_alert(uint32_t code)
{
	return command_done(DRIVER_LOW_LEVEL_DEBUG, COMMAND_ALERT, code, 0);
}

enum error debug_print(uint32_t value)
{
	return command_done(DRIVER_LOW_LEVEL_DEBUG, COMMAND_PRINT, value, 0);
}

enum error debug_print_two(uint32_t first, uint32_t second)
{
	return command_done(DRIVER_LOW_LEVEL_DEBUG, COMMAND_PRINT_TWO, first, second);
}
