/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fuzz.h"

#include "abi/verifier.h"
#include "capsules/virtual_panel.h"
#include "host/probe.h"

#include <string.h>

enum { DRIVER_PLACES = 32, KEPT = 4 };

#define FREE UINT32_MAX /* a place that means any number */

bool fuzz_alive(void)
{
	return !host.ended;
}

static uint32_t kept[KEPT], kept_count;

static uint32_t near(struct fuzz_input *input, uint32_t address)
{
	return address - 128 + fuzz_u8(input);
}

uint32_t fuzz_value(struct fuzz_input *input, struct host_app *app)
{
	const struct process *process = app->process;
	uint8_t kind = fuzz_u8(input);

	if (kind < 128 || process == NULL)
		return kind;
	switch (kind % 16) {
	case 0:
		return process->memory.ram_start + fuzz_u16(input) % 0x4000;
	case 1:
		return near(input, process->memory.app_break);
	case 2:
		return near(input, process->memory.grant_break);
	case 3:
		return near(input, process->memory.ram_end);
	case 4:
		return near(input, process->memory.high_water);
	case 5:
		return process->flash_start + fuzz_u16(input) % 0x2000;
	case 6:
		return near(input, process->flash_end);
	case 7:
		return near(input, board.processes[fuzz_u8(input) % 4].memory.ram_start);
	case 8:
		return near(input, process->memory.app_break - process->memory.ram_start);
	case 9:
		return UINT32_C(1) << fuzz_u8(input) % 32;
	case 10:
		return near(input, 0);
	case 11:
		return near(input, 0x80000000);
	case 12:
		return fuzz_u16(input);
	case 13:
		return board.processes[fuzz_u8(input) % 4].id.raw;
	case 14:
		return HOST_OPENSK_ADDRESS + fuzz_u8(input) * 32u;
	default:
		return kind < 192 ? fuzz_u32(input) : kept[kind / 16 % KEPT];
	}
}

void fuzz_keep(const struct host_app *app)
{
	const ureg_t *answer = app->process->context.r;

	if (answer[0] == SYSCALL_SUCCESS_U32 || answer[0] == SYSCALL_SUCCESS_2_U32)
		kept[kept_count++ % KEPT] = answer[1];
}

/* ---- memory ---- */

void fuzz_put(struct host_app *app, uint32_t offset, const void *bytes, size_t length)
{
	const struct process *process = app->process;

	if (fuzz_alive() && process != NULL &&
	    process->mpu.ram_end >= process->mpu.ram_start + offset + length)
		host_poke(app, process->mpu.ram_start + offset, bytes, length);
}

void fuzz_poke(struct fuzz_input *input, struct host_app *app)
{
	uint8_t bytes[128];
	uint32_t offset = fuzz_u8(input) * 8u;
	uint8_t how = fuzz_u8(input);
	size_t length = how % 64 + 1u;

	if (how < 64) {
		for (size_t i = 0; i < length; i++)
			bytes[i] = fuzz_u8(input);
	} else if (how < 192) {
		memset(bytes, fuzz_u8(input), sizeof(bytes));
		length += how - 64u - how % 64;
	} else {
		length = strlen(app->name);
		memcpy(bytes, app->name, length);
	}
	fuzz_put(app, offset, bytes, length);
}

/*
 * What a byte of an input means, for good: kept inputs go on meaning the same drivers
 * when others come, which take a free place.
 */
static const uint32_t driver_at[DRIVER_PLACES] = {
	DRIVER_ALARM,
	DRIVER_CONSOLE,
	DRIVER_LED,
	DRIVER_BUTTON,
	DRIVER_LOW_LEVEL_DEBUG,
	DRIVER_RNG,
	DRIVER_LOAN,
	DRIVER_CONNECTION,
	DRIVER_STRING_REGISTRY,
	DRIVER_PACKAGE_REGISTRY,
	DRIVER_RELAY,
	DRIVER_TOCK_IPC,
	DRIVER_KEY_VALUE,
	DRIVER_ISOLATED_STORAGE,
	DRIVER_NONVOLATILE_STORAGE,
	DRIVER_FLASH_GEOMETRY,
	DRIVER_APP_FLASH,
	DRIVER_APP_IDENTITY,
	HOST_OPENSK_DRIVER,
	DRIVER_VERIFIER,
	HOST_PROBE_DRIVER,
	HOST_BULKY_DRIVER,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
	FREE,
};

/* A driver that no byte means would not be fuzzed. */
static void check_places(void)
{
	for (uint32_t i = 0; i < board.driver_count; i++) {
		uint32_t place = 0;

		while (place < DRIVER_PLACES && driver_at[place] != board.drivers[i].number)
			place++;
		if (place == DRIVER_PLACES)
			host_give_up("driver 0x%x has no place in tests/fuzz/fuzz.c: give it a "
				     "free one",
				     board.drivers[i].number);
	}
}

uint32_t fuzz_driver(struct fuzz_input *input)
{
	uint32_t number = driver_at[fuzz_u8(input) % DRIVER_PLACES];

	check_places();
	return number == FREE ? fuzz_u32(input) : number;
}

void fuzz_call(struct fuzz_input *input, struct host_app *app, uint32_t class_number,
	       uint32_t driver)
{
	struct host_trap step = {.kind = HOST_TRAP_SYSCALL, .class_number = class_number};

	switch (class_number) {
	case SYSCALL_YIELD:
		step.r[0] = fuzz_u8(input) % 4;
		step.r[1] = step.r[0] == YIELD_WAIT_FOR ? driver : fuzz_value(input, app);
		step.r[2] = fuzz_u8(input) % 8;
		break;
	case SYSCALL_MEMOP:
		step.r[0] = fuzz_u8(input) % 16;
		step.r[1] = fuzz_value(input, app);
		step.r[2] = 0x5A5A5A5A;
		break;
	case SYSCALL_EXIT:
		step.r[0] = fuzz_u8(input) % 3;
		step.r[1] = fuzz_u8(input);
		break;
	default:
		step.r[0] = driver;
		step.r[1] = fuzz_u8(input) % 48; /* the highest command has 0x24 */
		step.r[2] = fuzz_value(input, app);
		step.r[3] = fuzz_value(input, app);
		break;
	}
	if (fuzz_alive() && host_try_step(app, &step) && class_number == SYSCALL_COMMAND)
		fuzz_keep(app);
}

/* ---- events ---- */

/* An operator comes in by interrupt: the main loop has its turn. */
static void load(void)
{
	process_load(&host_admin);
	host_raise(HOST_IRQ_PANEL);
	(void)host_settle(NULL);
}

static void operate(struct fuzz_input *input, struct host_app *app)
{
	enum error (*const actions[])(struct host_app *) = {host_stop, host_resume, host_terminate,
							    host_boot, host_fault_it};
	uint8_t action = fuzz_u8(input) % 7;

	if (app->process == NULL)
		return;
	if (action < 5)
		(void)actions[action](app);
	else if (action == 5)
		load();
	else
		host_hardware.refuse_plans = fuzz_u8(input) % 4;
}

static void press(struct fuzz_input *input)
{
	uint8_t what = fuzz_u8(input);

	(void)virtual_panel_press(host_panel(), what % 8, what >= 128);
	host_raise(HOST_IRQ_PANEL);
	(void)host_settle(NULL);
}

static void type(struct fuzz_input *input)
{
	uint8_t bytes[16];
	uint8_t count = fuzz_u8(input) % sizeof(bytes);

	for (uint8_t i = 0; i < count; i++)
		bytes[i] = fuzz_u8(input);
	host_type_bytes(bytes, count);
	(void)host_settle(NULL);
}

static void pass_time(struct fuzz_input *input)
{
	uint64_t duration = fuzz_u8(input);
	uint64_t end = host.now_us + (duration << fuzz_u8(input) % 28);
	uint64_t when;

	for (unsigned int i = 0; i < 50 && host_next_event(&when) && when <= end; i++) {
		host_arrive(when);
		if (host_settle(NULL) == STOP_ENDED)
			return;
	}
	host_arrive(end);
	(void)host_settle(NULL);
}

static void fault(struct fuzz_input *input, struct host_app *app)
{
	struct host_trap step = {.kind = HOST_TRAP_FAULT};

	step.fault.cause = 1 + fuzz_u8(input) % 2;
	step.fault.address = fuzz_value(input, app);
	if (fuzz_u8(input) % 8 == 0)
		(void)host_try_step(app, &step);
	else if (host_settle(app) == STOP_PARKED && host.parked == app)
		app->process->context.sp = step.fault.address;
}

static void fail(struct fuzz_input *input)
{
	enum host_fault where = (enum host_fault)(fuzz_u8(input) % HOST_FAULTS);
	uint32_t after = fuzz_u8(input) % 4;

	host_fail(where, E_FAIL, after, fuzz_u8(input) % 4);
}

void fuzz_event(struct fuzz_input *input, struct host_app *app)
{
	if (!fuzz_alive())
		return;
	switch (fuzz_u8(input) % 8) {
	case 0:
	case 1:
		return pass_time(input);
	case 2:
		return type(input);
	case 3:
		return operate(input, app);
	case 4:
		return press(input);
	case 5:
		return fault(input, app);
	case 6:
		host.preempt = true;
		(void)host_settle(NULL);
		host.preempt = false;
		return;
	default:
		fail(input);
		return;
	}
}

/* ---- the probe ---- */

static syscall_result use_grant(struct grant_entry *entry, uint32_t number, uint32_t argument[2])
{
	uint8_t bytes[64] = {0};
	size_t length = argument[1] % sizeof(bytes);
	struct host_probe_state *state = GRANT_STATE(entry, struct host_probe_state);

	state->words[argument[0] % 4]++;
	switch (number % 8) {
	case 0:
		return syscall_from_error(allow_ro_read(entry, 0, argument[0], bytes, length));
	case 1:
		return syscall_from_error(allow_rw_read(entry, 1, argument[0], bytes, length));
	case 2:
		return syscall_from_error(allow_rw_write(entry, 0, argument[0], bytes, length));
	case 3:
		return syscall_from_error(allow_ur_write(entry, 1, argument[0], bytes, length));
	case 4:
		return syscall_success_u32((uint32_t)allow_rw_length(entry, argument[0]) +
					   upcall_pending(entry, argument[1]));
	default:
		return syscall_from_error(
			upcall_schedule(entry, argument[0] % 8, argument[1], number, 0));
	}
}

/* For the caller, or for the next process that has a grant. */
static syscall_result probed(struct process_id process, uint32_t number, uint32_t argument[2])
{
	if (number >= 8)
		process = grant_next(&host_probe.driver, process);

	GRANT_ENTER(entry, &host_probe.driver, process);
	GRANT_ENTER(again, &host_probe.driver, process);

	if (entry != NULL && again != NULL)
		host_violation("a grant was entered twice");
	return entry == NULL ? syscall_failure(E_NOMEM) : use_grant(entry, number, argument);
}

void fuzz_probe(void)
{
	host_probe.command = probed;
	kept_count = 0;
	memset(kept, 0, sizeof(kept));
}
