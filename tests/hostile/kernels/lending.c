/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board with a driver that fills a buffer of the kernel's pool and lends it, as one that
 * receives frames would, for tests/qemu/loans.py. tests/apps/frame_taker calls it.
 */
#include "default_board.h"

#include "../../apps/frame_taker/frame.h"
#include "kernel/pool.h"

static _Alignas(FRAME_BYTES) uint8_t frame_bytes[FRAME_BYTES] SECTION(".pool");
static struct pool_buffer frame;
static const struct cap_loans frame_right;

static syscall_result lend_frame(struct process_id process, uint32_t argument[2])
{
	const struct pool_terms terms = {.borrower = process, .driver = argument[0]};
	uint8_t *bytes = pool_bytes(&frame);
	struct loan_id id;

	for (uint32_t i = 0; bytes != NULL && i < FRAME_BYTES; i++)
		bytes[i] = FRAME_BYTE(i);

	enum error error = pool_lend(&frame_right, &frame, &terms, &id);

	return error == E_OK ? syscall_success_2_u32(argument, id.raw, FRAME_BYTES)
			     : syscall_failure(error);
}

static uint32_t state_of_frame(void)
{
	const uint8_t *bytes = pool_bytes(&frame);

	if (bytes == NULL)
		return FRAME_OUT;
	for (uint32_t i = 0; i < FRAME_BYTES; i++)
		if (bytes[i] != 0)
			return FRAME_NOT_WIPED;
	return FRAME_HOME;
}

static syscall_result frame_command(struct driver *driver, struct process_id process,
				    uint32_t number, uint32_t argument[2])
{
	(void)driver;
	if (frame.bytes == NULL && !pool_buffer_init(&frame, frame_bytes, FRAME_BYTES))
		return syscall_failure(E_FAIL);
	switch (number) {
	case FRAME_LEND:
		return lend_frame(process, argument);
	case FRAME_STATE:
		return syscall_success_u32(state_of_frame());
	case FRAME_TAKE_BACK:
		pool_take_back(&frame_right, &frame);
		return syscall_success();
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type frame_type = {.command = frame_command};
static struct driver frame_driver = {.type = &frame_type};

static const struct driver_entry lending_drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_LOAN, &loan_driver.driver},
	{DRIVER_ISOLATED_STORAGE, &isolated_storage_driver.driver},
	{DRIVER_FRAMES, &frame_driver},
};

const struct default_board board = {
	.name = BOARD_NAME,
	.drivers = lending_drivers,
	.driver_count = ARRAY_LENGTH(lending_drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000, .storage = STORAGE_BY_CLAIM},
	.loans = DEFAULT_LOANS,
	.prompt = PROCESS_CONSOLE_PROMPT,
};
