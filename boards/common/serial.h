/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a board's one serial port carries: the log, the process console and the
 * applications' console, the first of them first.
 */
#ifndef BOARDS_COMMON_SERIAL_H
#define BOARDS_COMMON_SERIAL_H

#include "capsules/console_driver.h"
#include "capsules/process_console.h"
#include "hil/uart.h"

extern struct console_driver console_driver;

/* The port has been initialised. The log can be printed afterwards. */
void serial_init(struct uart *uart);

/* Starts the process console; after serial_init(). */
void serial_start_operator(const struct process_console_setup *setup);

#endif
