/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The USART of the STM32L4 and its relatives, as a UART without FIFO. Source: ST
 * RM0351, section 40.8.
 *
 * A transmission counts as done when its last byte is in the data register. A
 * reception hands over each byte as it comes. While none is under way one byte
 * waits in the port; a loss after that is told as E_FAIL with the next reception.
 */
#ifndef CHIPS_STM32_USART_H
#define CHIPS_STM32_USART_H

#include "chips/uart_transfer.h"

struct stm32_usart_registers;

struct stm32_usart {
	struct uart_transfer transfer;
	struct stm32_usart_registers *registers;
};

/*
 * Sets 8N1 at input clock / `divisor` baud; 16 <= divisor < 2^16. Clock and pins are
 * on already. The board sets usart->uart.client before the first operation.
 */
void stm32_usart_init(struct stm32_usart *usart, uintptr_t base, uint32_t divisor);

/* The port's interrupt, from the main loop. Calls the client. */
void stm32_usart_interrupt(struct stm32_usart *usart);

/*
 * Sends bytes by polling and waits until they are on the line, in any state of
 * the driver after init. Gives up when the port does not move.
 */
void stm32_usart_emergency_write(struct stm32_usart *usart, const char *text, size_t length);

#endif
