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

static struct cmsdk_uart *from_uart(struct uart *uart)
{
	return CONTAINER_OF(uart, struct cmsdk_uart, uart);
}

/* As many bytes as the port takes now; the interrupt tells when it takes more. */
static void bytes_send(struct cmsdk_uart *port)
{
	struct cmsdk_uart_registers *registers = port->registers;

	while (port->tx_sent != port->tx_length && (registers->state.rw & STATE_TX_FULL) == 0)
		registers->data.rw = port->tx_buffer[port->tx_sent++];
}

static enum error transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct cmsdk_uart *port = from_uart(uart);

	if (port->tx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->tx_buffer = *slot;
	port->tx_length = length;
	port->tx_sent = 0;
	*slot = NULL;
	port->registers->interrupts.rw = INTERRUPT_TX;
	port->registers->control.rw |= CONTROL_TX_INTERRUPT;
	bytes_send(port);
	return E_OK;
}

static enum error receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct cmsdk_uart *port = from_uart(uart);

	if (port->rx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	port->rx_buffer = *slot;
	port->rx_aborted = false;
	*slot = NULL;
	port->registers->control.rw |= CONTROL_RX_INTERRUPT;
	/* A byte that came before is not announced again: ask for a look at it. */
	if ((port->registers->state.rw & STATE_RX_FULL) != 0)
		deferred_set(&port->cancel);
	return E_OK;
}

static enum error receive_abort(struct uart *uart)
{
	struct cmsdk_uart *port = from_uart(uart);

	if (port->rx_buffer == NULL || port->rx_aborted)
		return E_ALREADY;
	port->rx_aborted = true;
	port->registers->control.rw &= ~(uint32_t)CONTROL_RX_INTERRUPT;
	deferred_set(&port->cancel);
	return E_OK;
}

static void reception_end(struct cmsdk_uart *port, size_t count, enum error status)
{
	uint8_t *buffer = port->rx_buffer;

	port->registers->control.rw &= ~(uint32_t)CONTROL_RX_INTERRUPT;
	port->rx_buffer = NULL;
	port->uart.client->ops->received(port->uart.client, buffer, count, status);
}

static void byte_receive(struct cmsdk_uart *port)
{
	struct cmsdk_uart_registers *registers = port->registers;
	uint32_t state = registers->state.rw;

	if (port->rx_buffer == NULL || port->rx_aborted || (state & STATE_RX_FULL) == 0)
		return;
	port->rx_buffer[0] = (uint8_t)registers->data.rw;
	registers->state.rw = STATE_RX_OVERRUN;
	reception_end(port, 1, (state & STATE_RX_OVERRUN) != 0 ? E_FAIL : E_OK);
}

static void deferred_called(struct deferred *deferred)
{
	struct cmsdk_uart *port = CONTAINER_OF(deferred, struct cmsdk_uart, cancel);

	if (port->rx_buffer != NULL && port->rx_aborted)
		reception_end(port, 0, E_CANCEL);
	else
		byte_receive(port);
}

static void transmission_go_on(struct cmsdk_uart *port)
{
	uint8_t *buffer = port->tx_buffer;

	if (port->tx_sent != port->tx_length) {
		bytes_send(port);
		return;
	}
	port->registers->control.rw &= ~(uint32_t)CONTROL_TX_INTERRUPT;
	port->tx_buffer = NULL;
	port->uart.client->ops->transmitted(port->uart.client, buffer, port->tx_length, E_OK);
}

void cmsdk_uart_interrupt(struct cmsdk_uart *uart)
{
	uint32_t interrupts = uart->registers->interrupts.rw;

	uart->registers->interrupts.rw = interrupts;
	if ((interrupts & INTERRUPT_RX) != 0)
		byte_receive(uart);
	if ((interrupts & INTERRUPT_TX) != 0 && uart->tx_buffer != NULL)
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

static const struct uart_ops ops = {
	.transmit = transmit,
	.receive = receive,
	.receive_abort = receive_abort,
};

static const struct deferred_ops cancel_ops = {
	.called = deferred_called,
};

void cmsdk_uart_init(struct cmsdk_uart *uart, uintptr_t base, uint32_t divisor)
{
	struct cmsdk_uart_registers *registers = (struct cmsdk_uart_registers *)base;

	*uart = (struct cmsdk_uart){
		.uart.ops = &ops,
		.cancel.ops = &cancel_ops,
		.registers = registers,
	};
	registers->control.rw = 0;
	registers->divisor.rw = divisor;
	registers->interrupts.rw = INTERRUPT_TX | INTERRUPT_RX;
	registers->control.rw = CONTROL_TX | CONTROL_RX;
}
