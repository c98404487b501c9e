/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x1: text in and out. Described in docs/syscalls/00001_console.md. */
#ifndef CAPSULES_CONSOLE_DRIVER_H
#define CAPSULES_CONSOLE_DRIVER_H

#include "hil/uart.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CONSOLE_DRIVER_CHUNK = 64, /* bytes sent at a time */
	CONSOLE_DRIVER_KEPT = 64,  /* bytes kept between two reads of a process */
};

struct console_driver {
	struct driver driver;
	struct uart_client client;
	struct uart *uart;

	struct process_id writer; /* who was served last, or is being served */
	uint8_t *tx_slot;         /* NULL: a chunk is under way */
	size_t tx_length;         /* of that chunk */
	bool tx_replaced;         /* that chunk belongs to a write that was replaced */

	struct process_id reader; /* whose read got the last byte */
	bool mid_read;            /* that read wants more */
	bool line_read;           /* a process got a byte of the line that is coming in */
	bool line_owned;          /* and its rest is for `reader` */
	uint8_t *rx_slot;
	uint8_t rx_byte[1];
	uint8_t tx_bytes[CONSOLE_DRIVER_CHUNK];
};

/* Becomes the client of `uart`, and begins to receive. */
void console_driver_init(struct console_driver *self, struct uart *uart);

/*
 * True while an application waits for input, or has got a byte of the line
 * that is coming in.
 */
bool console_driver_reading(const struct console_driver *self);

#endif
