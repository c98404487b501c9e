/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/cmsdk_uart.h"

#include "chips/mmio.h"

struct cmsdk_uart_registers {
	struct rw32 data;
	struct rw32 state; /* the overrun bits are cleared by writing 1 */
	struct rw32 control;
	struct rw32 interrupts; /* cleared by writing 1 */
	struct rw32 divisor;
};

REGISTER_AT(struct cmsdk_uart_registers, state, 0x04);
REGISTER_AT(struct cmsdk_uart_registers, control, 0x08);
REGISTER_AT(struct cmsdk_uart_registers, interrupts, 0x0c);
REGISTER_AT(struct cmsdk_uart_registers, divisor, 0x10);

enum {
	STATE_TX_FULL = 1 << 0,
	STATE_RX_FULL = 1 << 1,
	STATE_RX_OVERRUN = 1 << 3,

	CONTROL_TX = 1 << 0,
	CONTROL_RX = 1 << 1,
	CONTROL_TX_INTERRUPT = 1 << 2,
	CONTROL_RX_INTERRUPT = 1 << 3,

	INTERRUPT_TX = 1 << 0,
	INTERRUPT_RX = 1 << 1,

	EMERGENCY_POLLS = 1000000,
};

static struct cmsdk_uart *from_transfer(struct uart_transfer *transfer)
{
	return CONTAINER_OF(transfer, struct cmsdk_uart, transfer);
}

static void control_set(struct cmsdk_uart *port, uint32_t bits, bool on)
{
	if (on)
		port->registers->control.rw |= bits;
	else
		port->registers->control.rw &= ~bits;
}

/* As many bytes as the port takes now; the interrupt tells when it takes more. */
static void bytes_send(struct cmsdk_uart *port)
{
	struct cmsdk_uart_registers *registers = port->registers;
	const uint8_t *from;

	while ((registers->state.rw & STATE_TX_FULL) == 0 &&
	       uart_transfer_take(&port->transfer, 1, &from) != 0)
		registers->data.rw = *from;
}

static void transmit_enable(struct uart_transfer *transfer, bool on)
{
	struct cmsdk_uart *port = from_transfer(transfer);

	if (on)
		port->registers->interrupts.rw = INTERRUPT_TX;
	control_set(port, CONTROL_TX_INTERRUPT, on);
	if (on)
		bytes_send(port);
}

static void receive_enable(struct uart_transfer *transfer, bool on)
{
	struct cmsdk_uart *port = from_transfer(transfer);

	control_set(port, CONTROL_RX_INTERRUPT, on);
	/* A byte that came before is not announced again: ask for a look at it. */
	if (on && (port->registers->state.rw & STATE_RX_FULL) != 0)
		deferred_set(&transfer->later);
}

static void byte_receive(struct uart_transfer *transfer)
{
	struct cmsdk_uart_registers *registers = from_transfer(transfer)->registers;
	uint32_t state = registers->state.rw;

	if (!uart_transfer_receiving(transfer) || (state & STATE_RX_FULL) == 0)
		return;
	transfer->rx_buffer[0] = (uint8_t)registers->data.rw;
	registers->state.rw = STATE_RX_OVERRUN;
	uart_transfer_received(transfer, 1, (state & STATE_RX_OVERRUN) != 0 ? E_FAIL : E_OK);
}

/* All bytes being with the port is not the end: the last one's interrupt is. */
static void transmission_go_on(struct cmsdk_uart *port)
{
	if (port->transfer.tx_sent != port->transfer.tx_length)
		bytes_send(port);
	else
		uart_transfer_sent(&port->transfer);
}

void cmsdk_uart_interrupt(struct cmsdk_uart *uart)
{
	uint32_t interrupts = uart->registers->interrupts.rw;

	uart->registers->interrupts.rw = interrupts;
	if ((interrupts & INTERRUPT_RX) != 0)
		byte_receive(&uart->transfer);
	if ((interrupts & INTERRUPT_TX) != 0 && uart_transfer_sending(&uart->transfer))
		transmission_go_on(uart);
}

void cmsdk_uart_emergency_write(struct cmsdk_uart *uart, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		uint32_t polls = 0;

		while ((uart->registers->state.rw & STATE_TX_FULL) != 0)
			if (++polls == EMERGENCY_POLLS)
				return;
		uart->registers->data.rw = (uint8_t)text[i];
	}
}

static const struct uart_transfer_ops ops = {
	.transmit_enable = transmit_enable,
	.receive_enable = receive_enable,
	.receive_look = byte_receive,
};

void cmsdk_uart_init(struct cmsdk_uart *uart, uintptr_t base, uint32_t divisor)
{
	struct cmsdk_uart_registers *registers = (struct cmsdk_uart_registers *)base;

	*uart = (struct cmsdk_uart){.registers = registers};
	uart_transfer_init(&uart->transfer, &ops);
	registers->control.rw = 0;
	registers->divisor.rw = divisor;
	registers->interrupts.rw = INTERRUPT_TX | INTERRUPT_RX;
	registers->control.rw = CONTROL_TX | CONTROL_RX;
}
