/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/uart16550.h"

#include "chips/mmio.h"

#include <stdbool.h>

struct uart16550_registers {
	union {
		struct ro8 received;
		struct wo8 transmit;
		struct rw8 divisor_low; /* while LCR_DIVISOR is set */
	};
	union {
		struct rw8 interrupt_enable;
		struct rw8 divisor_high; /* while LCR_DIVISOR is set */
	};
	struct wo8 fifo_control;
	struct rw8 line_control;
	struct rw8 modem_control;
	struct ro8 line_status; /* a read clears the error bits */
};

REGISTER_AT(struct uart16550_registers, received, 0);
REGISTER_AT(struct uart16550_registers, transmit, 0);
REGISTER_AT(struct uart16550_registers, divisor_low, 0);
REGISTER_AT(struct uart16550_registers, interrupt_enable, 1);
REGISTER_AT(struct uart16550_registers, divisor_high, 1);
REGISTER_AT(struct uart16550_registers, fifo_control, 2);
REGISTER_AT(struct uart16550_registers, line_control, 3);
REGISTER_AT(struct uart16550_registers, modem_control, 4);
REGISTER_AT(struct uart16550_registers, line_status, 5);

enum {
	FIFO_SIZE = 16,

	IER_RECEIVED = 0x01,
	IER_TRANSMIT_EMPTY = 0x02,
	IER_LINE_STATUS = 0x04,
	IER_RX = IER_RECEIVED | IER_LINE_STATUS,

	FCR_ENABLE = 0x01,
	FCR_CLEAR_RX = 0x02,
	FCR_CLEAR_TX = 0x04,
	FCR_TRIGGER_8 = 0x80,

	LCR_8N1 = 0x03,
	LCR_DIVISOR = 0x80,

	MCR_DTR = 0x01,
	MCR_RTS = 0x02,
	MCR_OUT2 = 0x08, /* lets the interrupt out, where the port is wired as in a PC */

	LSR_DATA_READY = 0x01,
	LSR_OVERRUN = 0x02,
	LSR_BAD_BYTE = 0x1c, /* parity, framing or break, of the next byte to be read */
	LSR_ERRORS = LSR_OVERRUN | LSR_BAD_BYTE,
	LSR_TRANSMIT_EMPTY = 0x20, /* the whole FIFO is free */
	LSR_IDLE = 0x40,           /* nothing is on its way to the line either */

	EMERGENCY_POLLS = 1000000,
};

static struct uart16550 *from_uart(struct uart *uart)
{
	return CONTAINER_OF(uart, struct uart16550, uart);
}

/* The one place that reads the line status, because a read forgets the errors. */
static uint8_t line_status(struct uart16550 *port)
{
	uint8_t status = port->registers->line_status.read;

	port->rx_errors |= status & LSR_ERRORS;
	return status;
}

static void interrupt_enable(struct uart16550 *port, uint8_t bits)
{
	port->registers->interrupt_enable.rw |= bits;
}

static void interrupt_disable(struct uart16550 *port, uint8_t bits)
{
	port->registers->interrupt_enable.rw &= (uint8_t)~bits;
}

static enum error transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart16550 *port = from_uart(uart);

	if (port->tx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->tx_buffer = *slot;
	port->tx_length = length;
	port->tx_sent = 0;
	*slot = NULL;
	/* The FIFO is filled from the interrupt, which comes at once if it is empty. */
	interrupt_enable(port, IER_TRANSMIT_EMPTY);
	return E_OK;
}

static enum error receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart16550 *port = from_uart(uart);

	if (port->rx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->rx_buffer = *slot;
	port->rx_length = length;
	*slot = NULL;
	interrupt_enable(port, IER_RX);
	return E_OK;
}

static enum error receive_abort(struct uart *uart)
{
	struct uart16550 *port = from_uart(uart);

	if (port->rx_buffer == NULL || port->rx_length == 0)
		return E_ALREADY;
	port->rx_length = 0;
	interrupt_disable(port, IER_RX);
	deferred_set(&port->cancel);
	return E_OK;
}

static void reception_end(struct uart16550 *port, size_t count, enum error status)
{
	uint8_t *buffer = port->rx_buffer;

	port->rx_buffer = NULL;
	port->uart.client->ops->received(port->uart.client, buffer, count, status);
}

static void cancel_called(struct deferred *deferred)
{
	reception_end(CONTAINER_OF(deferred, struct uart16550, cancel), 0, E_CANCEL);
}

/* Moves what waits in the port; drops a byte that came damaged, and ends there. */
static void fifo_drain(struct uart16550 *port)
{
	size_t count = 0;
	enum error status;

	while (count < port->rx_length && (line_status(port) & LSR_DATA_READY) != 0) {
		uint8_t byte = port->registers->received.read;

		if ((port->rx_errors & LSR_BAD_BYTE) != 0)
			break;
		port->rx_buffer[count++] = byte;
	}
	status = port->rx_errors != 0 ? E_FAIL : E_OK;
	if (count == 0 && status == E_OK)
		return;
	port->rx_errors = 0;
	interrupt_disable(port, IER_RX);
	reception_end(port, count, status);
}

static void fifo_fill(struct uart16550 *port)
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
	interrupt_disable(port, IER_TRANSMIT_EMPTY);
	port->tx_buffer = NULL;
	port->uart.client->ops->transmitted(port->uart.client, buffer, port->tx_length, E_OK);
}

void uart16550_interrupt(struct uart16550 *uart)
{
	if (uart->rx_buffer != NULL && uart->rx_length != 0)
		fifo_drain(uart);
	if (uart->tx_buffer != NULL && (line_status(uart) & LSR_TRANSMIT_EMPTY) != 0)
		fifo_fill(uart);
}

static bool wait_for(struct uart16550 *port, uint8_t status)
{
	for (uint32_t polls = 0; polls < EMERGENCY_POLLS; polls++) {
		if ((line_status(port) & status) != 0)
			return true;
	}
	return false;
}

void uart16550_emergency_write(struct uart16550 *uart, const char *text, size_t length)
{
	while (length != 0) {
		size_t burst = length < FIFO_SIZE ? length : FIFO_SIZE;

		if (!wait_for(uart, LSR_TRANSMIT_EMPTY))
			return;
		length -= burst;
		while (burst-- != 0)
			uart->registers->transmit.write = (uint8_t)*text++;
	}
	(void)wait_for(uart, LSR_IDLE);
}

static const struct uart_ops ops = {
	.transmit = transmit,
	.receive = receive,
	.receive_abort = receive_abort,
};

static const struct deferred_ops cancel_ops = {
	.called = cancel_called,
};

void uart16550_init(struct uart16550 *uart, uintptr_t base, uint16_t divisor)
{
	struct uart16550_registers *registers = (struct uart16550_registers *)base;

	*uart = (struct uart16550){
		.uart.ops = &ops,
		.cancel.ops = &cancel_ops,
		.registers = registers,
	};
	registers->line_control.rw = LCR_DIVISOR;
	registers->divisor_low.rw = (uint8_t)divisor;
	registers->divisor_high.rw = (uint8_t)(divisor >> 8);
	registers->line_control.rw = LCR_8N1;
	registers->interrupt_enable.rw = 0;
	registers->modem_control.rw = MCR_DTR | MCR_RTS | MCR_OUT2;
	registers->fifo_control.write = FCR_ENABLE | FCR_CLEAR_RX | FCR_CLEAR_TX | FCR_TRIGGER_8;
}
