/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Several processes make system calls, and things happen; the oracle checks every answer. */
#include "fuzz.h"

enum { PROCESSES = 4, STEPS = 200 };

static const struct driver_permission few[] = {{DRIVER_ALARM, 0xFF}, {0xF0001, 0xFFFF}};

static const struct process_policy policies[] = {
	{.name = "1", .fault = FAULT_RESTART, .restart_limit = 3, .timeslice_us = 5000},
	{.name = "2",
	 .fault = FAULT_DUMP,
	 .timeslice_us = 10000,
	 .permissions = few,
	 .permission_count = 2},
};

static void start(struct fuzz_input *input, struct host_app *apps[PROCESSES])
{
	static const char *const names[PROCESSES] = {"0", "1", "2", "3"};
	uint8_t how = fuzz_u8(input);
	const struct host_config config = {
		.process_slots = PROCESSES,
		.policies = policies,
		.policy_count = 2,
		.granule = UINT32_C(4) << how % 8,
		.strict_protection = (how & 8) != 0,
		.upcalls_need_stack = (how & 16) != 0,
		.alarm_hz = (how & 32) != 0 ? 32768 : 10000000,
		.log_on_console = (how & 64) != 0,
		.process_console = (how & 128) != 0,
	};

	host_board_start(&config);
	fuzz_probe();
	for (unsigned int i = 0; i < PROCESSES; i++)
		apps[i] = host_script_add_image(&(struct host_image_options){
			.name = names[i], .min_ram = 4096 + 3000 * i, .total_size = 512});
	(void)host_settle(NULL);
	for (unsigned int i = 0; i < PROCESSES; i++)
		(void)host_process(apps[i]);
}

static void call_any(struct fuzz_input *input, struct host_app *app)
{
	uint32_t class_number = fuzz_u8(input);

	fuzz_call(input, app, class_number, fuzz_u32(input));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	struct host_app *apps[PROCESSES];

	start(&input, apps);
	for (unsigned int i = 0; i < STEPS && input.left > 0 && fuzz_alive(); i++) {
		uint8_t what = fuzz_u8(&input);
		struct host_app *app = apps[what >> 4 & 3];

		if ((what & 8) == 0)
			fuzz_call(&input, app, what & 7, fuzz_driver(&input));
		else if ((what & 7) == 7)
			call_any(&input, app);
		else if ((what & 7) == 6)
			fuzz_poke(&input, app);
		else
			fuzz_event(&input, app);
	}
	return 0;
}
