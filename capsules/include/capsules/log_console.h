/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Sends the kernel's log to a serial port, whole lines at a time where they fit. */
#ifndef CAPSULES_LOG_CONSOLE_H
#define CAPSULES_LOG_CONSOLE_H

#include "hil/uart.h"
#include "kernel/log.h"

#include <stddef.h>
#include <stdint.h>

enum { LOG_CONSOLE_BUFFER = 80 }; /* bytes */

struct log_console {
	struct log_reader reader;
	struct uart_client client;
	struct uart *uart;
	uint8_t *slot; /* NULL: a transmission is under way */
	size_t held;   /* bytes in the buffer */
	uint8_t bytes[LOG_CONSOLE_BUFFER];
};

/* Becomes the client of `uart` and the reader of the log. */
void log_console_init(struct log_console *self, struct uart *uart);

#endif
