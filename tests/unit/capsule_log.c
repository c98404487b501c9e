/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Low-level debug, and the log on a serial port.
 *
 * LINK: capsules/src/log_console.c capsules/src/low_level_debug.c \
 *       tests/unit/fake_kernel.c tests/unit/fake_devices.c lib/format.c
 */
#include "capsules/log_console.h"
#include "capsules/low_level_debug.h"
#include "fake_kernel.h"
#include "kernel/log.h"
#include "test.h"

#include <string.h>

static struct low_level_debug debug;
static struct fake_uart uart;
static struct log_console log_console;

static bool prints(struct process_id id, uint32_t number, uint32_t a0, uint32_t a1,
		   const char *expected)
{
	struct syscall_return result = fake_command(&debug.driver, id, number, a0, a1);

	return result.variant == SYSCALL_SUCCESS && strcmp(fake_log(), expected) == 0;
}

static void debug_commands(void)
{
	fake_reset();
	low_level_debug_init(&debug);
	fake_add_driver(&debug.driver);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	fake_set_memory(b, false); /* it works where nothing else does */
	TEST_CHECK(prints(a, 0, 1, 2, ""));
	TEST_CHECK(prints(a, 1, 1, 9, "LowLevelDebug: App 0x0 alert code 0x1\r\n"));
	TEST_CHECK(prints(b, 2, 0xDEADBEEF, 9, "LowLevelDebug: App 0x1 prints 0xdeadbeef\r\n"));
	TEST_CHECK(prints(b, 3, 0, 0xFFFFFFFF, "LowLevelDebug: App 0x1 prints 0x0 0xffffffff\r\n"));

	struct syscall_return result = fake_command(&debug.driver, a, 4, 0, 0);

	TEST_EQUAL(result.variant, SYSCALL_FAILURE);
	TEST_EQUAL(result.value, E_NOSUPPORT);
	TEST_EQUAL(fake_log()[0], 0);
}

static void log_start(void)
{
	fake_reset();
	fake_uart_init(&uart);
	log_console_init(&log_console, &uart.uart);
}

static void whole_lines(void)
{
	log_start();
	log_print("short\r\n");
	log_print("a line of some length, as there are\r\n");
	log_print("one more that does not fit into the same buffer\r\n");
	fake_run_deferred();
	fake_uart_step(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart),
			  "short\r\na line of some length, as there are\r\n") == 0);
	TEST_CHECK(uart.tx_buffer != NULL); /* it goes on by itself */
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart),
			  "one more that does not fit into the same buffer\r\n") == 0);
	log_print("detent$ ");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "detent$ ") == 0);
}

static void nothing_is_lost(void)
{
	static char expected[8000];
	uint32_t random = 8;

	log_start();
	expected[0] = '\0';
	for (int i = 0; i < 60; i++) {
		char line[150];
		uint32_t length = test_random(&random) % sizeof(line);

		memset(line, 'a' + i % 26, length);
		line[length] = '\0';
		log_print("%s\r\n", line);
		strcat(expected, line);
		strcat(expected, "\r\n");
		if (i % 3 == 0)
			fake_run_deferred();
		if (i % 4 == 0)
			fake_uart_step(&uart);
	}
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), expected) == 0);
	TEST_CHECK(strlen(expected) > 2000);
}

static void port_fails(void)
{
	log_start();
	uart.refuse_transmit = true;
	log_print("one\r\n");
	fake_run_deferred();
	uart.refuse_transmit = false;
	log_print("two\r\n");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "one\r\ntwo\r\n") == 0);
	uart.fail_transmit = true;
	log_print("three\r\n");
	fake_run_deferred();
	fake_uart_step(&uart);
	uart.fail_transmit = false;
	log_print("four\r\n");
	fake_uart_settle(&uart);
	TEST_CHECK(strcmp(fake_uart_sent(&uart), "four\r\n") == 0);
}

int main(void)
{
	debug_commands();
	whole_lines();
	nothing_is_lost();
	port_fails();
	return test_end("capsule_log");
}
