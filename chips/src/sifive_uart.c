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

static struct sifive_uart *from_transfer(struct uart_transfer *transfer)
{
	return CONTAINER_OF(transfer, struct sifive_uart, transfer);
}

static void interrupt_enable(struct sifive_uart *port, uint32_t bits, bool on)
{
	if (on)
		port->registers->interrupt_enable.rw |= bits;
	else
		port->registers->interrupt_enable.rw &= ~bits;
}

/* The FIFO is filled from the interrupt, which comes at once if it is empty. */
static void transmit_enable(struct uart_transfer *transfer, bool on)
{
	interrupt_enable(from_transfer(transfer), INTERRUPT_TRANSMIT, on);
}

static void receive_enable(struct uart_transfer *transfer, bool on)
{
	interrupt_enable(from_transfer(transfer), INTERRUPT_RECEIVE, on);
}

/* The level is 1, so that the whole FIFO is free then. */
static bool transmit_empty(const struct sifive_uart *port)
{
	return (port->registers->interrupt_pending.read & INTERRUPT_TRANSMIT) != 0;
}

static void fifo_drain(struct sifive_uart *port)
{
	size_t count = 0;

	while (count < port->transfer.rx_length) {
		uint32_t word = port->registers->received.read;

		if ((word & RECEIVED_NONE) != 0)
			break;
		port->transfer.rx_buffer[count++] = (uint8_t)word;
	}
	if (count != 0)
		uart_transfer_received(&port->transfer, count, E_OK);
}

static void fifo_fill(struct sifive_uart *port)
{
	const uint8_t *from;
	const uint8_t *end;
	size_t count = uart_transfer_take(&port->transfer, FIFO_SIZE, &from);

	for (end = from + count; from != end; from++)
		port->registers->transmit.write = *from;
	uart_transfer_sent(&port->transfer);
}

void sifive_uart_interrupt(struct sifive_uart *uart)
{
	if (uart_transfer_receiving(&uart->transfer))
		fifo_drain(uart);
	if (uart_transfer_sending(&uart->transfer) && transmit_empty(uart))
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

static const struct uart_transfer_ops ops = {
	.transmit_enable = transmit_enable,
	.receive_enable = receive_enable,
};

void sifive_uart_init(struct sifive_uart *uart, uintptr_t base, uint32_t divisor)
{
	struct sifive_uart_registers *registers = (struct sifive_uart_registers *)base;

	*uart = (struct sifive_uart){.registers = registers};
	uart_transfer_init(&uart->transfer, &ops);
	registers->interrupt_enable.rw = 0;
	registers->divisor.rw = divisor - 1;
	registers->transmit_control.rw = CONTROL_ENABLE | CONTROL_LEVEL_1;
	registers->receive_control.rw = CONTROL_ENABLE;
	for (uint32_t i = 0; i < FIFO_SIZE; i++)
		(void)registers->received.read;
}
