/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "common/serial.h"

#include "capsules/log_console.h"
#include "capsules/uart_mux.h"

static struct uart_mux serial;
static struct uart_mux_port console_port, log_port, operator_port;
static struct log_console log_console;
static struct process_console process_console;

struct console_driver console_driver;

void serial_init(struct uart *uart)
{
	uart_mux_init(&serial, uart);
	uart_mux_attach(&serial, &log_port);
	uart_mux_attach(&serial, &operator_port);
	uart_mux_attach(&serial, &console_port);
	log_console_init(&log_console, &log_port.uart);
	console_driver_init(&console_driver, &console_port.uart);
}

void serial_start_operator(const struct process_console_setup *setup)
{
	process_console_init(&process_console, &operator_port.uart, setup);
}
