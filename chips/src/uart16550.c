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

static struct uart16550 *from_transfer(struct uart_transfer *transfer)
{
	return CONTAINER_OF(transfer, struct uart16550, transfer);
}

/* The one place that reads the line status, because a read forgets the errors. */
static uint8_t line_status(struct uart16550 *port)
{
	uint8_t status = port->registers->line_status.read;

	port->rx_errors |= status & LSR_ERRORS;
	return status;
}

static void interrupt_enable(struct uart16550 *port, uint8_t bits, bool on)
{
	if (on)
		port->registers->interrupt_enable.rw |= bits;
	else
		port->registers->interrupt_enable.rw &= (uint8_t)~bits;
}

/* The FIFO is filled from the interrupt, which comes at once if it is empty. */
static void transmit_enable(struct uart_transfer *transfer, bool on)
{
	interrupt_enable(from_transfer(transfer), IER_TRANSMIT_EMPTY, on);
}

static void receive_enable(struct uart_transfer *transfer, bool on)
{
	interrupt_enable(from_transfer(transfer), IER_RX, on);
}

/* Moves what waits in the port; drops a byte that came damaged, and ends there. */
static void fifo_drain(struct uart16550 *port)
{
	size_t count = 0;
	enum error status;

	while (count < port->transfer.rx_length && (line_status(port) & LSR_DATA_READY) != 0) {
		uint8_t byte = port->registers->received.read;

		if ((port->rx_errors & LSR_BAD_BYTE) != 0)
			break;
		port->transfer.rx_buffer[count++] = byte;
	}
	status = port->rx_errors != 0 ? E_FAIL : E_OK;
	if (count == 0 && status == E_OK)
		return;
	port->rx_errors = 0;
	uart_transfer_received(&port->transfer, count, status);
}

static void fifo_fill(struct uart16550 *port)
{
	const uint8_t *from;
	const uint8_t *end;
	size_t count = uart_transfer_take(&port->transfer, FIFO_SIZE, &from);

	for (end = from + count; from != end; from++)
		port->registers->transmit.write = *from;
	uart_transfer_sent(&port->transfer);
}

void uart16550_interrupt(struct uart16550 *uart)
{
	if (uart_transfer_receiving(&uart->transfer))
		fifo_drain(uart);
	if (uart_transfer_sending(&uart->transfer) && (line_status(uart) & LSR_TRANSMIT_EMPTY) != 0)
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

static const struct uart_transfer_ops ops = {
	.transmit_enable = transmit_enable,
	.receive_enable = receive_enable,
};

void uart16550_init(struct uart16550 *uart, uintptr_t base, uint16_t divisor)
{
	struct uart16550_registers *registers = (struct uart16550_registers *)base;

	*uart = (struct uart16550){.registers = registers};
	uart_transfer_init(&uart->transfer, &ops);
	registers->line_control.rw = LCR_DIVISOR;
	registers->divisor_low.rw = (uint8_t)divisor;
	registers->divisor_high.rw = (uint8_t)(divisor >> 8);
	registers->line_control.rw = LCR_8N1;
	registers->interrupt_enable.rw = 0;
	registers->modem_control.rw = MCR_DTR | MCR_RTS | MCR_OUT2;
	registers->fifo_control.write = FCR_ENABLE | FCR_CLEAR_RX | FCR_CLEAR_TX | FCR_TRIGGER_8;
}
