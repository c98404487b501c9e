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

static struct stm32_usart *from_transfer(struct uart_transfer *transfer)
{
	return CONTAINER_OF(transfer, struct stm32_usart, transfer);
}

static void control_set(struct stm32_usart *port, uint32_t bits, bool on)
{
	if (on)
		port->registers->control_1.rw |= bits;
	else
		port->registers->control_1.rw &= ~bits;
}

/* The interrupt comes at once if the data register is empty. */
static void transmit_enable(struct uart_transfer *transfer, bool on)
{
	control_set(from_transfer(transfer), CONTROL_TX_INTERRUPT, on);
}

static void receive_enable(struct uart_transfer *transfer, bool on)
{
	control_set(from_transfer(transfer), CONTROL_RX_INTERRUPT, on);
}

/* The interrupt comes for an overrun too, and then there may be no byte. */
static void byte_receive(struct stm32_usart *port, uint32_t status)
{
	size_t count = 0;

	port->registers->clear.write = status & STATUS_ERRORS;
	if ((status & STATUS_RX_FULL) != 0)
		port->transfer.rx_buffer[count++] = (uint8_t)port->registers->received.read;
	uart_transfer_received(&port->transfer, count,
			       (status & STATUS_ERRORS) != 0 ? E_FAIL : E_OK);
}

static void bytes_send(struct stm32_usart *port)
{
	struct stm32_usart_registers *registers = port->registers;
	const uint8_t *from;

	while ((registers->status.read & STATUS_TX_EMPTY) != 0 &&
	       uart_transfer_take(&port->transfer, 1, &from) != 0)
		registers->transmit.write = *from;
	uart_transfer_sent(&port->transfer);
}

void stm32_usart_interrupt(struct stm32_usart *usart)
{
	uint32_t status = usart->registers->status.read;

	if (uart_transfer_receiving(&usart->transfer) &&
	    (status & (STATUS_RX_FULL | STATUS_OVERRUN)) != 0)
		byte_receive(usart, status);
	if (uart_transfer_sending(&usart->transfer) && (status & STATUS_TX_EMPTY) != 0)
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

static const struct uart_transfer_ops ops = {
	.transmit_enable = transmit_enable,
	.receive_enable = receive_enable,
};

void stm32_usart_init(struct stm32_usart *usart, uintptr_t base, uint32_t divisor)
{
	struct stm32_usart_registers *registers = (struct stm32_usart_registers *)base;

	*usart = (struct stm32_usart){.registers = registers};
	uart_transfer_init(&usart->transfer, &ops);
	registers->control_1.rw = 0;
	registers->divisor.rw = divisor;
	registers->control_1.rw = CONTROL_ENABLE | CONTROL_RX | CONTROL_TX;
}
