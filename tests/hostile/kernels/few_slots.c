/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A board with two process slots, for tests/qemu/policies.py. */
#include "default_board.h"

enum { FEW = 2 };

const struct default_board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = FEW,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000},
	.loans = DEFAULT_LOANS,
	.prompt = PROCESS_CONSOLE_PROMPT,
};
