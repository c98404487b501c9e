/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One driver, used by two processes with plausible calls: memory is there, buffers
 * are shared, upcalls are subscribed; devices answer, are late, and fail.
 */
#include "fuzz.h"

enum { PROCESSES = 2, STEPS = 200 };

static void step(struct host_app *app, uint32_t class_number, const uint32_t r[4])
{
	struct host_trap trap = {.kind = HOST_TRAP_SYSCALL, .class_number = class_number};

	for (unsigned int i = 0; i < 4; i++)
		trap.r[i] = r[i];
	if (fuzz_alive())
		(void)host_try_step(app, &trap);
}

static void share(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint32_t kind = fuzz_u8(input);
	uint32_t offset = fuzz_u8(input), length = fuzz_u16(input) % 400;
	const uint32_t classes[] = {SYSCALL_ALLOW_RO, SYSCALL_ALLOW_RW, SYSCALL_ALLOW_UR};

	step(app, classes[kind % 3],
	     (uint32_t[4]){driver, kind / 3 % 4, host_ram(app, offset), length});
}

/* The numbers that drivers have: 0 to 23, and 0x20 to 0x27. */
static uint32_t command_number(uint8_t choice)
{
	return choice < 24 ? choice : choice - 24u + 0x20;
}

static void act(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint8_t what = fuzz_u8(input);

	switch (what % 8) {
	case 0:
		return share(input, app, driver);
	case 1:
		return step(app, SYSCALL_SUBSCRIBE,
			    (uint32_t[4]){driver, what / 8 % 4,
					  (what & 128) != 0 ? 0 : host_flash(app, 256), what});
	case 2:
	case 3:
		return step(app, SYSCALL_COMMAND,
			    (uint32_t[4]){driver, command_number(what / 8), fuzz_value(input, app),
					  fuzz_value(input, app)});
	case 4:
		return step(app, SYSCALL_YIELD,
			    (uint32_t[4]){what / 8 % 3, (what / 8 % 3) == 2 ? driver : 0,
					  fuzz_u8(input) % 4, 0});
	default:
		return fuzz_event(input, app);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	struct host_app *apps[PROCESSES];
	uint32_t driver;

	host_board_start(&(struct host_config){
		.log_on_console = true,
		.policy = {.timeslice_us = 10000, .storage = STORAGE_BY_CLAIM},
	});
	fuzz_probe();
	for (unsigned int i = 0; i < PROCESSES; i++)
		apps[i] = host_script_add("fuzzed");
	(void)host_settle(NULL);
	driver = fuzz_driver(&input);
	for (unsigned int i = 0; i < PROCESSES; i++) {
		(void)host_process(apps[i]);
		step(apps[i], SYSCALL_MEMOP, (uint32_t[4]){MEMOP_BRK, host_ram(apps[i], 4096)});
	}
	for (unsigned int i = 0; i < STEPS && input.left > 0 && fuzz_alive(); i++)
		act(&input, apps[fuzz_u8(&input) % PROCESSES], driver);
	return 0;
}
