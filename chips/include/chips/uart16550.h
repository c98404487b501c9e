/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * National Semiconductor 16550 serial port with FIFOs, byte-wide registers one
 * byte apart (QEMU's `virt`). Source: PC16550D data sheet, section 8.
 *
 * A transmission counts as done when its last byte is in the port's FIFO.
 * A reception hands over what came when 8 bytes wait, or when the line was
 * silent for 4 characters. While no reception is under way up to 16 bytes wait
 * in the port; a loss after that is told as E_FAIL with the next reception.
 */
#ifndef CHIPS_UART16550_H
#define CHIPS_UART16550_H

#include "chips/uart_transfer.h"

struct uart16550_registers;

struct uart16550 {
	struct uart_transfer transfer;
	struct uart16550_registers *registers;
	uint8_t rx_errors; /* line status error bits not told yet */
};

/*
 * Sets 8N1 and `divisor` = input clock / (16 * baud rate); empties the FIFOs.
 * The board sets uart->uart.client before the first operation.
 */
void uart16550_init(struct uart16550 *uart, uintptr_t base, uint16_t divisor);

/* The port's interrupt, from the main loop. Calls the client. */
void uart16550_interrupt(struct uart16550 *uart);

/*
 * Sends bytes by polling and waits until they are on the line, in any state of
 * the driver after init. Gives up when the port does not move.
 */
void uart16550_emergency_write(struct uart16550 *uart, const char *text, size_t length);

#endif
