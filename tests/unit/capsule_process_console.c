/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The process console beside the console driver on one port, as boards wire them.
 *
 * LINK: capsules/src/console_driver.c capsules/src/process_console.c \
 *       capsules/src/process_console_commands.c capsules/src/process_console_words.c \
 *       capsules/src/process_console_processes.c capsules/src/process_console_system.c \
 *       capsules/src/line_editor.c \
 *       capsules/src/uart_mux.c capsules/src/virtual_panel.c tests/unit/fake_kernel.c tests/unit/fake_devices.c \
 *       lib/format.c
 */
#include "capsules/console_driver.h"
#include "capsules/process_console.h"
#include "capsules/uart_mux.h"
#include "capsules/virtual_panel.h"
#include "fake_kernel.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define HEADER                                                                                     \
	" PID    ShortID    Name                Quanta  Syscalls  Restarts  Grants  State\r\n"

static struct fake_uart uart;
static struct uart_mux mux;
static struct uart_mux_port operator_port, console_port;
static struct console_driver console;
static struct virtual_panel panel;
static struct process_console shell;

static size_t own_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	const char *word = process_console_argument(self, ++*position);

	if (word == NULL)
		return 0;
	return (size_t)snprintf(out, capacity, "word %u: %s\r\n", (unsigned int)*position, word);
}

static size_t flood_step(struct process_console *self, uint32_t *position, char *out,
			 size_t capacity)
{
	(void)self;
	memset(out, 'f', capacity);
	return ++*position < 1000 ? capacity + 50 : 0;
}

static const struct process_console_command own_commands[] = {
	{"words", "WORD...", "says them", own_step},
	{"flood", "", "says much", flood_step},
};

static const struct process_console_setup full_setup = {
	.admin = &fake_admin,
	.console = &console,
	.panel = &panel,
	.commands = own_commands,
	.command_count = 2,
};

static const struct process_console_setup bare_setup = {.admin = &fake_admin};

static void start(const struct process_console_setup *setup)
{
	fake_reset();
	fake_uart_init(&uart);
	uart_mux_init(&mux, &uart.uart);
	uart_mux_attach(&mux, &operator_port);
	uart_mux_attach(&mux, &console_port);
	console_driver_init(&console, &console_port.uart);
	fake_add_driver(&console.driver);
	virtual_panel_init(&panel, 2, 2);
	memset(&shell, 1, sizeof(shell)); /* it relies on nothing that was there */
	process_console_init(&shell, &operator_port.uart, setup);
	process_console_prompt(&shell);
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "detent$ ") == 0);
}

/* Types a line and checks all that is shown, from its echo to the next prompt. */
static bool answers(const char *line, const char *output)
{
	char expected[4096];
	char typed[128];

	snprintf(expected, sizeof(expected), "%s\r\n%sdetent$ ", line, output);
	snprintf(typed, sizeof(typed), "%s\r", line);
	fake_uart_type(&uart, typed);
	fake_uart_settle(&uart);

	const char *sent = fake_uart_sent(&uart);

	if (strcmp(sent, expected) == 0)
		return true;
	printf("is:\n%s\nwanted:\n%s\n", sent, expected);
	return false;
}

/* Types a line and looks for a piece of the answer. */
static bool mentions(const char *line, const char *piece)
{
	fake_uart_type(&uart, line);
	fake_uart_type(&uart, "\r");
	fake_uart_settle(&uart);

	const char *sent = fake_uart_sent(&uart);

	if (strstr(sent, piece) != NULL)
		return true;
	printf("is:\n%s\nwanted in it:\n%s\n", sent, piece);
	return false;
}

static void lists(void)
{
	start(&full_setup);
	TEST_CHECK(answers("list", HEADER));
	fake_start("blink");
	fake_start("a_name_of_more_than_twenty_letters");

	struct process_info *info = fake_info(0);

	info->short_id = 0x1234ABCD;
	info->timeslice_expirations = 12;
	info->syscalls = 34567;
	info->restarts = 8;
	info->grants_used = 3;
	info->grants_total = 12;
	fake_info(1)->state = PROCESS_FAULTED;
	TEST_CHECK(answers(
		"list", HEADER
		" 0      0x1234abcd blink                   12     34567         8   3/12   Yielded\r\n"
		" 1      Unique     a_name_of_more_than_twenty_letters     0         0         0   0/ 0   Faulted\r\n"));

	static const struct {
		enum process_state state;
		const char *name;
	} states[] = {
		{PROCESS_RUNNING, "/12   Running\r\n"},
		{PROCESS_YIELDED_FOR, "/12   YieldedFor\r\n"},
		{PROCESS_STOPPED, "/12   Stopped\r\n"},
		{PROCESS_FAULTED, "/12   Faulted\r\n"},
		{PROCESS_TERMINATED, "/12   Terminated\r\n"},
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		info->state = states[i].state;
		TEST_CHECK(mentions("list", states[i].name));
	}
}

/* The longest row there can be still ends with its line. */
static void longest_row(void)
{
	start(&full_setup);
	fake_start(
		"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn");

	struct process_info *info = fake_info(0);

	info->timeslice_expirations = UINT32_MAX;
	info->syscalls = UINT32_MAX;
	info->restarts = UINT32_MAX;
	info->grants_used = 255;
	info->grants_total = 255;
	info->state = PROCESS_TERMINATED;
	TEST_CHECK(mentions("list", "255/255   Terminated\r\n"));
}

static void names_are_harmless(void)
{
	start(&full_setup);
	fake_start("a\x1B[2Jb\r\n\x80");
	TEST_CHECK(mentions("list", "a?[2Jb??? "));
	TEST_CHECK(mentions("process 0", "Process a?[2Jb???, PID 0: Yielded\r\n"));
	TEST_CHECK(answers("stop 0", "Process a?[2Jb??? stopped\r\n"));
	TEST_CHECK(answers("start a?[2Jb???", "Process a?[2Jb??? resumed.\r\n"));
}

static void steering(void)
{
	start(&full_setup);
	fake_start("blink");
	fake_start("0");
	TEST_CHECK(answers("stop blink", "Process blink stopped\r\n"));
	TEST_CHECK(answers("stop blink", "cannot stop blink: it is Stopped\r\n"));
	TEST_CHECK(answers("start blink", "Process blink resumed.\r\n"));
	TEST_CHECK(answers("start blink", "cannot start blink: it is Yielded\r\n"));
	TEST_CHECK(answers("fault 0", "Process blink now faulted\r\n")); /* a PID before a name */
	TEST_CHECK(answers("fault blink", "cannot fault blink: it is Faulted\r\n"));
	TEST_CHECK(answers("terminate blink", "Process blink terminated\r\n"));
	fake_boot_error = E_BUSY;
	TEST_CHECK(answers("boot blink",
			   "cannot boot blink: another process of it runs, or its version is "
			   "being kept\r\n"));
	fake_boot_error = E_NOMEM;
	TEST_CHECK(answers("boot blink", "cannot boot blink: its RAM has gone to others\r\n"));
	fake_boot_error = E_FAIL;
	TEST_CHECK(answers("boot blink",
			   "cannot boot blink: its slot can start nothing any more\r\n"));
	fake_boot_error = E_NODEVICE;
	TEST_CHECK(answers("boot blink", "cannot boot blink: error 11\r\n"));
	fake_boot_error = E_OK;
	TEST_CHECK(answers("boot blink", "Process blink booted\r\n"));
	TEST_EQUAL(fake_info(0)->state, PROCESS_YIELDED);
	TEST_CHECK(answers("boot blink", "cannot boot blink: it is Yielded\r\n"));
	TEST_CHECK(answers("terminate blink", "Process blink terminated\r\n"));
	TEST_CHECK(answers("terminate blink", "cannot terminate blink: it is Terminated\r\n"));
	TEST_CHECK(answers("stop blink", "cannot stop blink: it is Terminated\r\n"));
	TEST_CHECK(answers("stop", "usage: stop NAME|PID\r\n"));
	TEST_CHECK(answers("stop nobody", "no process nobody (try list)\r\n"));
	TEST_CHECK(answers("stop 99", "no process 99 (try list)\r\n"));
	TEST_CHECK(answers("stop 4294967296", "no process 4294967296 (try list)\r\n"));
	TEST_CHECK(answers("  stop   1  ", "Process 0 stopped\r\n"));
}

static void counts(void)
{
	start(&full_setup);
	fake_start("a");
	fake_start("b");
	fake_info(1)->state = PROCESS_FAULTED;
	TEST_CHECK(answers("status", "Total processes: 2\r\nActive processes: 1\r\n"
				     "Timeslice expirations: 7\r\n"));
}

static void memory_map(void)
{
	start(&full_setup);
	fake_start("blink");

	struct process_info *info = fake_info(0);

	info->ram_start = 0x80200000;
	info->app_break = 0x80200C00;
	info->grant_break = 0x80200F00;
	info->ram_end = 0x80201000;
	info->ram_open_end = 0x80200C20;
	info->ram_requested = 3000;
	info->ram_kernel = 600;
	info->flash_start = 0x80100000;
	info->flash_end = 0x80101000;
	info->grants_used = 2;
	info->grants_total = 5;
	TEST_CHECK(answers(
		"process blink",
		"Process blink, PID 0: Yielded\r\n"
		"  RAM            0x80200000 - 0x80201000     4096 bytes: 3000 requested, "
		"600 for grants, 496 wasted\r\n"
		"    grants       0x80200f00 - 0x80201000      256 bytes, 2 of 5 drivers\r\n"
		"    unused       0x80200c00 - 0x80200f00      768 bytes\r\n"
		"    application  0x80200000 - 0x80200c00     3072 bytes\r\n"
		"    opened       0x80200000 - 0x80200c20     3104 bytes\r\n"
		"  Flash          0x80100000 - 0x80101000     4096 bytes\r\n"
		"  stack and heap: not told\r\n"
		"  system calls 0, timeslices used up 0, restarts 0\r\n"
		"  upcalls pending 0, dropped 0; completion code 0\r\n"));
	info->stack_top = 0x80200800;
	TEST_CHECK(mentions("process 0", "stack top 0x80200800, heap from 0x00000000\r\n"));
	TEST_CHECK(answers("process", "usage: process NAME|PID\r\n"));
	TEST_CHECK(answers("process x", "no process x (try list)\r\n"));
	TEST_CHECK(
		mentions("kernel", "  code           0x00001000 - 0x00003000     8192 bytes\r\n"));
	TEST_CHECK(mentions("kernel", "\r\n  version=0.0-test\r\n  board=host\r\ndetent$ "));
}

/* A build record is text from elsewhere. */
static void build_record(void)
{
	static char record[400], expected[400];

	start(&full_setup);
	snprintf(record, sizeof(record), "a\x1B\x7F\tb\n\n%0200d\nend", 0);
	snprintf(expected, sizeof(expected), "\r\n  a???b\r\n  \r\n  %0*d\r\n  end\r\ndetent$ ",
		 PROCESS_CONSOLE_OUTPUT - 4, 0);
	fake_build_record = record;
	TEST_CHECK(mentions("kernel", expected));
	fake_build_record = NULL;
	TEST_CHECK(mentions("kernel", " 0 bytes\r\ndetent$ "));
}

/* What a command tells about can be gone before it has finished. */
static void changes_meanwhile(void)
{
	start(&full_setup);

	struct process_id a = fake_start("a");

	fake_uart_type(&uart, "process a\r");
	for (int i = 0; i < 6; i++)
		fake_uart_step(&uart);
	TEST_CHECK(strstr(fake_uart_sent(&uart), "Process a, PID 0") != NULL);
	fake_end(a);
	fake_unload(0);
	fake_start("other");
	fake_uart_settle(&uart);

	const char *told = strstr(fake_uart_sent(&uart), "  the process has ended");

	TEST_CHECK(told != NULL &&
		   strcmp(told, "  the process has ended or started anew\r\ndetent$ ") == 0);

	start(&full_setup);
	for (int i = 0; i < FAKE_PROCESSES; i++)
		fake_start("many");
	TEST_CHECK(mentions("list", " 5      Unique     many "));
	fake_uart_type(&uart, "list\r");
	for (int i = 0; i < 8; i++)
		fake_uart_step(&uart);
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++)
		fake_unload(i);
	fake_uart_settle(&uart);

	const char *sent = fake_uart_sent(&uart);

	TEST_CHECK(strcmp(sent + strlen(sent) - 10, "\r\ndetent$ ") == 0);
}

static void help_and_unknown(void)
{
	static const char *const names[] = {"help",  "list",      "status", "start",   "stop",
					    "fault", "terminate", "boot",   "process", "kernel",
					    "led",   "button",    "reset",  "panic",   "words",
					    "load",  "record"};

	start(&full_setup);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char entry[32];

		snprintf(entry, sizeof(entry), "\r\n  %s ", names[i]);
		TEST_CHECK(mentions("help", entry));
	}
	TEST_CHECK(answers("blah", "unknown command: blah (try help)\r\n"));
	TEST_CHECK(answers("lis", "unknown command: lis (try help)\r\n"));
	TEST_CHECK(answers("lists x", "unknown command: lists (try help)\r\n"));
	TEST_CHECK(answers("", ""));
	TEST_CHECK(answers("    ", ""));
	TEST_CHECK(answers("words one  two", "word 1: one\r\nword 2: two\r\n"));
	TEST_CHECK(mentions("load", "load\r\n"));
	TEST_CHECK(mentions("record", "record\r\n"));
	TEST_EQUAL(fake_loads, 1);
	TEST_EQUAL(fake_records, 1);
	TEST_CHECK(mentions("reset", "reset\r\n"));
	TEST_CHECK(mentions("panic", "panic\r\n"));
	TEST_EQUAL(fake_resets, 1);
	TEST_EQUAL(fake_panics, 1);
}

static void virtual_panel(void)
{
	start(&full_setup);
	panel.leds.ops->set(&panel.leds, 1, true);
	TEST_CHECK(answers("led", "LED 0: off\r\nLED 1: on\r\n"));
	TEST_CHECK(answers("button 1 press", "button 1: press\r\n"));
	TEST_EQUAL(panel.pressed, 2);
	TEST_CHECK(answers("button 1 press", "button 1 is so already\r\n"));
	TEST_CHECK(answers("button 1 release", "button 1: release\r\n"));
	TEST_CHECK(answers("button 0 tap", "button 0: tap\r\n"));
	TEST_EQUAL(panel.pressed, 0);
	TEST_CHECK(answers("button 2 tap", "no button 2: this board has 2\r\n"));
	TEST_CHECK(answers("button", "usage: button N press|release|tap\r\n"));
	TEST_CHECK(answers("button 1", "usage: button N press|release|tap\r\n"));
	TEST_CHECK(answers("button x tap", "usage: button N press|release|tap\r\n"));
	TEST_CHECK(answers("button 1 kick", "usage: button N press|release|tap\r\n"));
	start(&bare_setup);
	TEST_CHECK(answers("led", "this board has no virtual panel\r\n"));
	TEST_CHECK(answers("button 0 tap", "this board has no virtual panel\r\n"));
	TEST_CHECK(answers("words", "unknown command: words (try help)\r\n"));
}

static void editing(void)
{
	start(&full_setup);
	fake_uart_type(&uart, "statsu\b\bus");
	fake_uart_settle(&uart);
	(void)fake_uart_sent(&uart);
	TEST_CHECK(mentions("", "Total processes: 0"));
	TEST_CHECK(mentions("\x1B[A", "status\r\nTotal processes: 0"));
	fake_uart_type(&uart, "terminate everything\x03");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "terminate everything^C\r\ndetent$ ") == 0);
	TEST_CHECK(answers("led", "LED 0: off\r\nLED 1: off\r\n"));
	fake_uart_type(&uart, "led\r\nled\n");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart),
			  "led\r\nLED 0: off\r\nLED 1: off\r\ndetent$ "
			  "led\r\nLED 0: off\r\nLED 1: off\r\ndetent$ ") == 0);
}

/* A command that does not end is ended by Ctrl-C, also where it says more than it may. */
static void interrupting(void)
{
	start(&full_setup);
	fake_uart_type(&uart, "flood\r");
	for (int i = 0; i < 20; i++)
		fake_uart_step(&uart);
	TEST_CHECK(strstr(fake_uart_sent(&uart), "ffff") != NULL);
	fake_uart_type(&uart, "this goes\x03");
	fake_uart_settle(&uart);

	const char *sent = fake_uart_sent(&uart);

	TEST_CHECK(strcmp(strchr(sent, 'd'), "detent$ ") == 0);

	/* Typed while a command prints: it does not disturb it, and comes afterwards. */
	fake_uart_type(&uart, "words a b c\r");
	for (int i = 0; i < 3; i++)
		fake_uart_step(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "words a b c\r\n") == 0);
	for (const char *key = "led\r\r"; *key != '\0'; key++) {
		const char one[2] = {*key, '\0'};

		fake_uart_type(&uart, one);
	}
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "word 1: a\r\nword 2: b\r\nword 3: c\r\ndetent$ "
						 "led\r\nLED 0: off\r\nLED 1: off\r\ndetent$ "
						 "\r\ndetent$ ") == 0);

	/* More typed ahead than is kept: the beginning of it counts. */
	fake_uart_type(&uart, "status\rled\rled                                        ");
	fake_uart_settle(&uart);
	TEST_CHECK(strstr(fake_uart_sent(&uart), "detent$ led\r\nLED 0") != NULL);
}

/* An application that reads gets the line, and the console does not complain about it. */
static void shared_with_application(void)
{
	char byte[1];

	start(&full_setup);

	struct process_id a = fake_start("guess");

	fake_allow_rw(&console.driver, a, 1, byte, 1);
	fake_command(&console.driver, a, 2, 1, 0);
	fake_uart_type(&uart, "42\r");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "42\r\n") == 0);
	TEST_CHECK(fake_yields(a, 2, 0, 1));
	for (const char *expected = "2\r"; *expected != '\0'; expected++) {
		fake_command(&console.driver, a, 2, 1, 0);
		TEST_CHECK(fake_yields(a, 2, 0, 1) && byte[0] == *expected);
	}

	/* Nobody reads now. */
	TEST_CHECK(answers("43", "unknown command: 43 (try help)\r\n"));

	/* A command is one even where an application reads along. */
	fake_command(&console.driver, a, 2, 1, 0);
	TEST_CHECK(answers("led", "LED 0: off\r\nLED 1: off\r\n"));
	TEST_CHECK(fake_yields(a, 2, 0, 1) && byte[0] == 'l');

	/* A line that was dropped says nothing about the next one. */
	fake_command(&console.driver, a, 2, 1, 0);
	fake_uart_type(&uart, "xy\x03");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "xy^C\r\ndetent$ ") == 0);
	fake_uart_type(&uart, "\r"); /* ends the line for the application, too */
	fake_uart_settle(&uart);
	(void)fake_uart_sent(&uart);
	TEST_CHECK(answers("43", "unknown command: 43 (try help)\r\n"));

	/* What was not for the console is not in its history. */
	fake_uart_type(&uart, "\x15\x1B[A");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "43") == 0);
}

static void port_fails(void)
{
	start(&full_setup);
	uart.refuse_transmit = true;
	fake_uart_type(&uart, "led");
	fake_uart_settle(&uart);
	uart.refuse_transmit = false;
	TEST_CHECK(mentions("", "LED 0: off"));
	fake_uart_fail_receive(&uart);
	TEST_CHECK(answers("led", "LED 0: off\r\nLED 1: off\r\n"));
}

/* Any bytes, at any pace, with processes that come and go. */
static void noise(void)
{
	static const char *const words[] = {"list\r",   "process 1\r", "terminate 1\r",
					    "boot 1\r", "kernel\r",    "status\r",
					    "help\r",   "\x1B[A\r",    "\x03"};
	uint32_t random = 31;

	start(&full_setup);
	for (int i = 0; i < 3; i++)
		fake_start("noise");
	for (int round = 0; round < 100000; round++) {
		uint32_t number = test_random(&random);
		char byte[2] = {(char)(number >> 8), '\0'};

		if (number % 8 == 0)
			fake_uart_type(&uart,
				       words[number / 8 % (sizeof(words) / sizeof(words[0]))]);
		else
			fake_uart_type(&uart, byte);
		for (uint32_t i = 0; i < number % 4; i++)
			fake_uart_step(&uart);
		(void)fake_uart_sent(&uart);
	}
	fake_uart_type(&uart, "\x03");
	fake_uart_settle(&uart);
	fake_uart_type(&uart, "\x03");
	fake_uart_settle(&uart);
	(void)fake_uart_sent(&uart);
	TEST_CHECK(answers("led", "LED 0: off\r\nLED 1: off\r\n"));
}

int main(void)
{
	lists();
	longest_row();
	names_are_harmless();
	steering();
	counts();
	memory_map();
	build_record();
	changes_meanwhile();
	help_and_unknown();
	virtual_panel();
	editing();
	interrupting();
	shared_with_application();
	port_fails();
	noise();
	return test_end("capsule_process_console");
}
