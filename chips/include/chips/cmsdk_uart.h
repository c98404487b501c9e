/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The APB UART of Arm's Cortex-M System Design Kit. Source: its Technical
 * Reference Manual (DDI 0479), section 4.3.
 *
 * The port holds one byte each way. A transmission counts as done when its last
 * byte has left the holding register. A reception hands over each byte as it
 * comes. While none is under way one byte waits in the port; a loss after that is
 * told as E_FAIL with the next reception.
 */
#ifndef CHIPS_CMSDK_UART_H
#define CHIPS_CMSDK_UART_H

#include "chips/uart_transfer.h"

struct cmsdk_uart_registers;

struct cmsdk_uart {
	struct uart_transfer transfer;
	struct cmsdk_uart_registers *registers;
};

/*
 * Sets 8N1 at input clock / `divisor` baud; 16 <= divisor < 2^20. The board sets
 * uart->uart.client before the first operation.
 */
void cmsdk_uart_init(struct cmsdk_uart *uart, uintptr_t base, uint32_t divisor);

/* Any of the port's interrupts, from the main loop. Calls the client. */
void cmsdk_uart_interrupt(struct cmsdk_uart *uart);

/*
 * Sends bytes by polling, in any state of the driver after init. Gives up when
 * the port does not move.
 */
void cmsdk_uart_emergency_write(struct cmsdk_uart *uart, const char *text, size_t length);

#endif
