/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A board with two process slots, for tests/qemu/policies.py. */
#define board default_board
#include BOARD_SOURCE
#undef board

extern const struct default_board board; /* the tag went with the name */

enum { FEW = 2 };

const struct default_board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = FEW,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000},
	.prompt = PROCESS_CONSOLE_PROMPT,
};
