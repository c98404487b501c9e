/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/stm32_usart.h"

#include "chips/mmio.h"

struct stm32_usart_registers {
	struct rw32 control_1;
	struct rw32 control_2;
	struct rw32 control_3;
	struct rw32 divisor;
	struct rw32 guard_time;
	struct rw32 timeout;
	struct wo32 request;
	struct ro32 status;
	struct wo32 clear;
	struct ro32 received;
	struct wo32 transmit;
};

REGISTER_AT(struct stm32_usart_registers, divisor, 0x0c);
REGISTER_AT(struct stm32_usart_registers, status, 0x1c);
REGISTER_AT(struct stm32_usart_registers, clear, 0x20);
REGISTER_AT(struct stm32_usart_registers, transmit, 0x28);

enum {
	CONTROL_ENABLE = 1 << 0,
	CONTROL_RX = 1 << 2,
	CONTROL_TX = 1 << 3,
	CONTROL_RX_INTERRUPT = 1 << 5,
	CONTROL_TX_INTERRUPT = 1 << 7,

	STATUS_FRAMING = 1 << 1,
	STATUS_NOISE = 1 << 2,
	STATUS_OVERRUN = 1 << 3,
	STATUS_RX_FULL = 1 << 5,
	STATUS_IDLE = 1 << 6, /* the last byte is on the line */
	STATUS_TX_EMPTY = 1 << 7,
	STATUS_ERRORS = STATUS_FRAMING | STATUS_NOISE | STATUS_OVERRUN, /* and to clear them */

	EMERGENCY_POLLS = 1000000,
};

static struct stm32_usart *from_uart(struct uart *uart)
{
	return CONTAINER_OF(uart, struct stm32_usart, uart);
}

static void control_set(struct stm32_usart *port, uint32_t bits)
{
	port->registers->control_1.rw |= bits;
}

static void control_clear(struct stm32_usart *port, uint32_t bits)
{
	port->registers->control_1.rw &= ~bits;
}

static enum error transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct stm32_usart *port = from_uart(uart);

	if (port->tx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->tx_buffer = *slot;
	port->tx_length = length;
	port->tx_sent = 0;
	*slot = NULL;
	/* The interrupt comes at once if the data register is empty. */
	control_set(port, CONTROL_TX_INTERRUPT);
	return E_OK;
}

static enum error receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct stm32_usart *port = from_uart(uart);

	if (port->rx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->rx_buffer = *slot;
	port->rx_aborted = false;
	*slot = NULL;
	control_set(port, CONTROL_RX_INTERRUPT);
	return E_OK;
}

static enum error receive_abort(struct uart *uart)
{
	struct stm32_usart *port = from_uart(uart);

	if (port->rx_buffer == NULL || port->rx_aborted)
		return E_ALREADY;
	port->rx_aborted = true;
	control_clear(port, CONTROL_RX_INTERRUPT);
	deferred_set(&port->cancel);
	return E_OK;
}

static void reception_end(struct stm32_usart *port, size_t count, enum error status)
{
	uint8_t *buffer = port->rx_buffer;

	control_clear(port, CONTROL_RX_INTERRUPT);
	port->rx_buffer = NULL;
	port->uart.client->ops->received(port->uart.client, buffer, count, status);
}

static void cancel_called(struct deferred *deferred)
{
	struct stm32_usart *port = CONTAINER_OF(deferred, struct stm32_usart, cancel);

	if (port->rx_buffer != NULL && port->rx_aborted)
		reception_end(port, 0, E_CANCEL);
}

/* The interrupt comes for an overrun too, and then there may be no byte. */
static void byte_receive(struct stm32_usart *port, uint32_t status)
{
	size_t count = 0;

	port->registers->clear.write = status & STATUS_ERRORS;
	if ((status & STATUS_RX_FULL) != 0)
		port->rx_buffer[count++] = (uint8_t)port->registers->received.read;
	reception_end(port, count, (status & STATUS_ERRORS) != 0 ? E_FAIL : E_OK);
}

static void bytes_send(struct stm32_usart *port)
{
	struct stm32_usart_registers *registers = port->registers;
	uint8_t *buffer = port->tx_buffer;

	while (port->tx_sent != port->tx_length && (registers->status.read & STATUS_TX_EMPTY) != 0)
		registers->transmit.write = port->tx_buffer[port->tx_sent++];
	if (port->tx_sent != port->tx_length)
		return;
	control_clear(port, CONTROL_TX_INTERRUPT);
	port->tx_buffer = NULL;
	port->uart.client->ops->transmitted(port->uart.client, buffer, port->tx_length, E_OK);
}

void stm32_usart_interrupt(struct stm32_usart *usart)
{
	uint32_t status = usart->registers->status.read;

	if (usart->rx_buffer != NULL && !usart->rx_aborted &&
	    (status & (STATUS_RX_FULL | STATUS_OVERRUN)) != 0)
		byte_receive(usart, status);
	if (usart->tx_buffer != NULL && (status & STATUS_TX_EMPTY) != 0)
		bytes_send(usart);
}

static bool wait_for(struct stm32_usart *port, uint32_t status)
{
	for (uint32_t polls = 0; polls < EMERGENCY_POLLS; polls++)
		if ((port->registers->status.read & status) != 0)
			return true;
	return false;
}

void stm32_usart_emergency_write(struct stm32_usart *usart, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!wait_for(usart, STATUS_TX_EMPTY))
			return;
		usart->registers->transmit.write = (uint8_t)text[i];
	}
	(void)wait_for(usart, STATUS_IDLE);
}

static const struct uart_ops ops = {
	.transmit = transmit,
	.receive = receive,
	.receive_abort = receive_abort,
};

static const struct deferred_ops cancel_ops = {
	.called = cancel_called,
};

void stm32_usart_init(struct stm32_usart *usart, uintptr_t base, uint32_t divisor)
{
	struct stm32_usart_registers *registers = (struct stm32_usart_registers *)base;

	*usart = (struct stm32_usart){
		.uart.ops = &ops,
		.cancel.ops = &cancel_ops,
		.registers = registers,
	};
	registers->control_1.rw = 0;
	registers->divisor.rw = divisor;
	registers->control_1.rw = CONTROL_ENABLE | CONTROL_RX | CONTROL_TX;
}
