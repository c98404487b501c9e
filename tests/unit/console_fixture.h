/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A console driver on a fake port, and what its tests do with it. */
#ifndef CONSOLE_FIXTURE_H
#define CONSOLE_FIXTURE_H

#include "capsules/console_driver.h"
#include "fake_kernel.h"
#include "test.h"

#include <string.h>

enum { WRITTEN = 1, READ = 2 };

static struct fake_uart uart;
static struct console_driver console;

static inline void start(void)
{
	fake_reset();
	fake_uart_init(&uart);
	console_driver_init(&console, &uart.uart);
	fake_add_driver(&console.driver);
}

static inline struct syscall_return command(struct process_id id, uint32_t number,
					    uint32_t argument)
{
	return fake_command(&console.driver, id, number, argument, 0);
}

static inline bool succeeds(struct syscall_return result)
{
	return result.variant == SYSCALL_SUCCESS;
}

static inline bool fails(struct syscall_return result, enum error error)
{
	return result.variant == SYSCALL_FAILURE && result.value == (uint32_t)error;
}

static inline void share_text(struct process_id id, const char *text)
{
	TEST_CHECK(fake_allow_ro(&console.driver, id, 1, text, strlen(text)));
}

static inline void write_text(struct process_id id, const char *text)
{
	share_text(id, text);
	TEST_CHECK(succeeds(command(id, 1, (uint32_t)strlen(text))));
}

static inline void read_into(struct process_id id, void *buffer, uint32_t length)
{
	TEST_CHECK(fake_allow_rw(&console.driver, id, 1, buffer, length));
	TEST_CHECK(succeeds(command(id, 2, length)));
}

static inline bool sent_is(const char *text)
{
	return strcmp(fake_uart_sent(&uart), text) == 0;
}

#endif
