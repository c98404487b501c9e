/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One driver, used by two processes with plausible calls: memory is there, buffers
 * are shared, upcalls are subscribed; devices answer, are late, and fail.
 */
#include "fuzz.h"

enum {
	PROCESSES = 2,
	STEPS = 200,
	BREAK = 4096,
	NUMBERS = 9, /* of buffers and upcalls: one more than any driver has */
	BUFFER = 64, /* bytes of each that equip() shares */
	WRITTEN_FLASH = 1024,
};

static const uint32_t classes[] = {SYSCALL_ALLOW_RO, SYSCALL_ALLOW_RW, SYSCALL_ALLOW_UR};

static void step(struct host_app *app, uint32_t class_number, const uint32_t r[4])
{
	struct host_trap trap = {.kind = HOST_TRAP_SYSCALL, .class_number = class_number};

	for (unsigned int i = 0; i < 4; i++)
		trap.r[i] = r[i];
	if (fuzz_alive() && host_try_step(app, &trap) && class_number == SYSCALL_COMMAND)
		fuzz_keep(app);
}

static void share(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint32_t kind = fuzz_u8(input);
	uint32_t offset = fuzz_u8(input) * 8u, length = fuzz_u16(input) % 1200;

	step(app, classes[kind % 3],
	     (uint32_t[4]){driver, kind / 3 % NUMBERS, host_ram(app, offset), length});
}

static void subscribe(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint8_t number = fuzz_u8(input);

	step(app, SYSCALL_SUBSCRIBE,
	     (uint32_t[4]){driver, number % NUMBERS, number >= 192 ? 0 : host_flash(app, 256),
			   number});
}

/* What a well-behaved application does when it starts. */
static void equip(struct host_app *app, uint32_t driver)
{
	for (uint32_t number = 0; number < NUMBERS; number++) {
		step(app, SYSCALL_SUBSCRIBE,
		     (uint32_t[4]){driver, number, host_flash(app, 256), number});
		for (uint32_t kind = 0; kind < 3; kind++)
			step(app, classes[kind],
			     (uint32_t[4]){driver, number,
					   host_ram(app, (kind * NUMBERS + number) * BUFFER),
					   BUFFER});
	}
}

/* The numbers that drivers have: 0 to 23, and 0x20 to 0x27. */
static uint32_t command_number(uint8_t choice)
{
	return choice < 24 ? choice : choice - 24u + 0x20;
}

static void command(struct fuzz_input *input, struct host_app *app, const uint32_t which[2])
{
	uint32_t first = fuzz_value(input, app);
	uint32_t second = fuzz_value(input, app);

	step(app, SYSCALL_COMMAND, (uint32_t[4]){which[0], which[1], first, second});
}

static void act(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint8_t what = fuzz_u8(input);

	switch (what % 8) {
	case 0:
		return share(input, app, driver);
	case 1:
		return subscribe(input, app, driver);
	case 2:
	case 3:
		return command(input, app, (uint32_t[2]){driver, command_number(what / 8)});
	case 4:
		return step(app, SYSCALL_YIELD,
			    (uint32_t[4]){what / 8 % 3, (what / 8 % 3) == 2 ? driver : 0,
					  fuzz_u8(input) % NUMBERS, 0});
	case 5:
		return fuzz_poke(input, app);
	case 6:
		return what / 8 % 4 == 0 ? equip(app, driver) : fuzz_event(input, app);
	default:
		return fuzz_event(input, app);
	}
}

/* One has raw flash and may write its own; what the other may store, its header says. */
static void add(struct host_app *apps[PROCESSES])
{
	static const uint16_t writes[] = {TBF_TLV_WRITEABLE_FLASH, 8, 2048, 0, WRITTEN_FLASH, 0};
	/* Its own identifier, and then one that it may read. */
	static const uint16_t stores[] = {TBF_TLV_STORAGE_PERMISSIONS, 12, 9, 0, 1,
					  HOST_RAW_FLASH_IDENTITY,     0,  0};

	apps[0] = host_script_add_image(
		&(struct host_image_options){.name = "fuzzed",
					     .short_id = HOST_RAW_FLASH_IDENTITY,
					     .tlvs = writes,
					     .tlvs_length = sizeof(writes)});
	apps[1] = host_script_add_image(&(struct host_image_options){
		.name = "other", .tlvs = stores, .tlvs_length = sizeof(stores)});
	(void)host_settle(NULL);
	for (unsigned int i = 0; i < PROCESSES; i++) {
		(void)host_process(apps[i]);
		step(apps[i], SYSCALL_MEMOP, (uint32_t[4]){MEMOP_BRK, host_ram(apps[i], BREAK)});
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
	add(apps);
	driver = fuzz_driver(&input);
	for (unsigned int i = 0; i < STEPS && input.left > 0 && fuzz_alive(); i++)
		act(&input, apps[fuzz_u8(&input) % PROCESSES], driver);
	return 0;
}
