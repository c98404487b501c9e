/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Keys on the serial port, on which the operator's console, the log and a process
 * that reads are. A byte 0x80 or above is no key: it is a word of a command, or an
 * event.
 */
#include "fuzz.h"

#include <string.h>

static const char *const words[32] = {
	"help\r",  "list\r",    "status\r", "start ",      "stop ",    "fault ", "terminate ",
	"boot ",   "load\r",    "process ", "kernel\r",    "record\r", "led\r",  "button ",
	"reset\r", "panic\r",   "reader\r", "other app",   "\r",       "0\r",    "1\r",
	"2\r",     "0 press\r", "0 tap\r",  "1 release",   " ",        "\x7f",   "\x1b[A",
	"\x1b[B",  "\x1b[D",    "\x03",     "99999999999",
};

static void read_line(struct host_app *app)
{
	const uint32_t calls[][5] = {
		{SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, host_ram(app, 0), 8},
		{SYSCALL_COMMAND, DRIVER_CONSOLE, 2, 8, 0},
		{SYSCALL_YIELD, YIELD_WAIT_FOR, DRIVER_CONSOLE, 2, 0},
	};

	for (unsigned int i = 0; i < 3 && fuzz_alive(); i++) {
		struct host_trap step = {.kind = HOST_TRAP_SYSCALL, .class_number = calls[i][0]};

		for (unsigned int k = 0; k < 4; k++)
			step.r[k] = calls[i][k + 1];
		(void)host_try_step(app, &step);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	struct host_app *reader, *other;

	host_board_start(&(struct host_config){.process_console = true, .log_on_console = true});
	reader = host_script_add("reader");
	other = host_script_add("other app");
	(void)host_settle(NULL);
	(void)host_process(reader);
	(void)host_process(other);
	while (input.left > 0 && fuzz_alive()) {
		uint8_t byte = fuzz_u8(&input);

		if (byte < 0x80) {
			host_type_bytes(&byte, 1);
			(void)host_settle(NULL);
		} else if (byte < 0xA0) {
			host_type_bytes(words[byte % 32], strlen(words[byte % 32]));
			(void)host_settle(NULL);
		} else if (byte < 0xC0) {
			read_line(reader);
		} else {
			fuzz_event(&input, other);
		}
	}
	return 0;
}
