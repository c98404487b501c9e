/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Low-level debug (driver 0x8): numbers on the console with one command each,
 * without a buffer, an upcall or waiting. The kernel drops some if too many
 * come at once.
 */
#ifndef DETENT_DEBUG_H
#define DETENT_DEBUG_H

#include <stdint.h>

#include "detent/error.h"

/* Codes with a meaning of their own (doc/syscalls/00008_low_level_debug.md). */
enum debug_alert_code {
	DEBUG_ALERT_PANIC = 1,
	DEBUG_ALERT_WRONG_ADDRESS = 2, /* built for another place in flash or RAM */
};

enum error debug_alert(uint32_t code);
enum error debug_print(uint32_t value);
enum error debug_print_two(uint32_t first, uint32_t second);

#endif
