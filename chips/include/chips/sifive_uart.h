/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * SiFive's serial port with FIFOs of 8 bytes, 8N1. Source: SiFive FE310-G002
 * manual, chapter 18.
 *
 * A transmission counts as done when its last byte is in the port's FIFO.
 * A reception hands over what waits as soon as one byte does. While no reception
 * is under way up to 8 bytes wait in the port; what comes after that is lost, and
 * so are damaged bytes unnoticed: the port has no error bits, so E_FAIL never comes.
 */
#ifndef CHIPS_SIFIVE_UART_H
#define CHIPS_SIFIVE_UART_H

#include "chips/uart_transfer.h"

struct sifive_uart_registers;

struct sifive_uart {
	struct uart_transfer transfer;
	struct sifive_uart_registers *registers;
};

/*
 * `divisor` = input clock / baud rate, 1 to 65536. Forgets what waits in the port.
 * The board sets uart->uart.client before the first operation.
 */
void sifive_uart_init(struct sifive_uart *uart, uintptr_t base, uint32_t divisor);

/* The port's interrupt, from the main loop. Calls the client. */
void sifive_uart_interrupt(struct sifive_uart *uart);

/*
 * Sends bytes by polling and waits until at most one of them is not on the line
 * yet, in any state of the driver after init. Gives up when the port does not move.
 */
void sifive_uart_emergency_write(struct sifive_uart *uart, const char *text, size_t length);

#endif
