/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/sifive_uart.h"

#include "chips/mmio.h"

#include <stdbool.h>

struct sifive_uart_registers {
	struct wo32 transmit;
	struct ro32 received; /* a read takes the byte out */
	struct rw32 transmit_control;
	struct rw32 receive_control;
	struct rw32 interrupt_enable;
	struct ro32 interrupt_pending;
	struct rw32 divisor; /* less one */
};

REGISTER_AT(struct sifive_uart_registers, received, 0x04);
REGISTER_AT(struct sifive_uart_registers, transmit_control, 0x08);
REGISTER_AT(struct sifive_uart_registers, receive_control, 0x0c);
REGISTER_AT(struct sifive_uart_registers, interrupt_enable, 0x10);
REGISTER_AT(struct sifive_uart_registers, interrupt_pending, 0x14);
REGISTER_AT(struct sifive_uart_registers, divisor, 0x18);

#define RECEIVED_NONE (1u << 31)

enum {
	FIFO_SIZE = 8,

	CONTROL_ENABLE = 1,
	/* Transmit: pending below this level. Receive: pending above it, and it stays 0. */
	CONTROL_LEVEL_1 = 1 << 16,

	INTERRUPT_TRANSMIT = 1,
	INTERRUPT_RECEIVE = 2,

	EMERGENCY_POLLS = 1000000,
};

static struct sifive_uart *from_uart(struct uart *uart)
{
	return CONTAINER_OF(uart, struct sifive_uart, uart);
}

static void interrupt_enable(struct sifive_uart *port, uint32_t bits)
{
	port->registers->interrupt_enable.rw |= bits;
}

static void interrupt_disable(struct sifive_uart *port, uint32_t bits)
{
	port->registers->interrupt_enable.rw &= ~bits;
}

/* The level is 1, so that the whole FIFO is free then. */
static bool transmit_empty(const struct sifive_uart *port)
{
	return (port->registers->interrupt_pending.read & INTERRUPT_TRANSMIT) != 0;
}

static enum error transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct sifive_uart *port = from_uart(uart);

	if (port->tx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->tx_buffer = *slot;
	port->tx_length = length;
	port->tx_sent = 0;
	*slot = NULL;
	/* The FIFO is filled from the interrupt, which comes at once if it is empty. */
	interrupt_enable(port, INTERRUPT_TRANSMIT);
	return E_OK;
}

static enum error receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct sifive_uart *port = from_uart(uart);

	if (port->rx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->rx_buffer = *slot;
	port->rx_length = length;
	*slot = NULL;
	interrupt_enable(port, INTERRUPT_RECEIVE);
	return E_OK;
}

static enum error receive_abort(struct uart *uart)
{
	struct sifive_uart *port = from_uart(uart);

	if (port->rx_buffer == NULL || port->rx_length == 0)
		return E_ALREADY;
	port->rx_length = 0;
	interrupt_disable(port, INTERRUPT_RECEIVE);
	deferred_set(&port->cancel);
	return E_OK;
}

static void reception_end(struct sifive_uart *port, size_t count, enum error status)
{
	uint8_t *buffer = port->rx_buffer;

	port->rx_buffer = NULL;
	port->uart.client->ops->received(port->uart.client, buffer, count, status);
}

static void cancel_called(struct deferred *deferred)
{
	reception_end(CONTAINER_OF(deferred, struct sifive_uart, cancel), 0, E_CANCEL);
}

static void fifo_drain(struct sifive_uart *port)
{
	size_t count = 0;

	while (count < port->rx_length) {
		uint32_t word = port->registers->received.read;

		if ((word & RECEIVED_NONE) != 0)
			break;
		port->rx_buffer[count++] = (uint8_t)word;
	}
	if (count == 0)
		return;
	interrupt_disable(port, INTERRUPT_RECEIVE);
	reception_end(port, count, E_OK);
}

static void fifo_fill(struct sifive_uart *port)
{
	const uint8_t *from = port->tx_buffer + port->tx_sent;
	size_t rest = port->tx_length - port->tx_sent;
	size_t burst = rest < FIFO_SIZE ? rest : FIFO_SIZE;
	const uint8_t *end = from + burst;
	uint8_t *buffer = port->tx_buffer;

	while (from != end)
		port->registers->transmit.write = *from++;
	port->tx_sent += burst;
	if (burst != rest)
		return;
	interrupt_disable(port, INTERRUPT_TRANSMIT);
	port->tx_buffer = NULL;
	port->uart.client->ops->transmitted(port->uart.client, buffer, port->tx_length, E_OK);
}

void sifive_uart_interrupt(struct sifive_uart *uart)
{
	if (uart->rx_buffer != NULL && uart->rx_length != 0)
		fifo_drain(uart);
	if (uart->tx_buffer != NULL && transmit_empty(uart))
		fifo_fill(uart);
}

static bool wait_for_empty(const struct sifive_uart *port)
{
	for (uint32_t polls = 0; polls < EMERGENCY_POLLS; polls++) {
		if (transmit_empty(port))
			return true;
	}
	return false;
}

void sifive_uart_emergency_write(struct sifive_uart *uart, const char *text, size_t length)
{
	while (length != 0) {
		size_t burst = length < FIFO_SIZE ? length : FIFO_SIZE;

		if (!wait_for_empty(uart))
			return;
		length -= burst;
		while (burst-- != 0)
			uart->registers->transmit.write = (uint8_t)*text++;
	}
	(void)wait_for_empty(uart);
}

static const struct uart_ops ops = {
	.transmit = transmit,
	.receive = receive,
	.receive_abort = receive_abort,
};

static const struct deferred_ops cancel_ops = {
	.called = cancel_called,
};

void sifive_uart_init(struct sifive_uart *uart, uintptr_t base, uint32_t divisor)
{
	struct sifive_uart_registers *registers = (struct sifive_uart_registers *)base;

	*uart = (struct sifive_uart){
		.uart.ops = &ops,
		.cancel.ops = &cancel_ops,
		.registers = registers,
	};
	registers->interrupt_enable.rw = 0;
	registers->divisor.rw = divisor - 1;
	registers->transmit_control.rw = CONTROL_ENABLE | CONTROL_LEVEL_1;
	registers->receive_control.rw = CONTROL_ENABLE;
	for (uint32_t i = 0; i < FIFO_SIZE; i++)
		(void)registers->received.read;
}
