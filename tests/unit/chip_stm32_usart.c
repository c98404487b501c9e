/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The STM32 serial port driver's promises to its client.
 *
 * LINK: chips/src/stm32_usart.c chips/src/uart_transfer.c
 */
#include "chips/stm32_usart.h"
#include "uart_fixture.h"

enum {
	CONTROL = 0x00,
	DIVISOR = 0x0c,
	STATUS = 0x1c,
	CLEAR = 0x20,
	RECEIVED = 0x24,
	TRANSMIT = 0x28,

	OVERRUN = 1 << 3,
	RX_FULL = 1 << 5,
	IDLE = 1 << 6,
	TX_EMPTY = 1 << 7,
	RX_INTERRUPT = 1 << 5,
	TX_INTERRUPT = 1 << 7,
};

static uint32_t device[11];
static struct stm32_usart port;

static struct uart_transfer *device_start(void)
{
	memset(device, 0, sizeof(device));
	stm32_usart_init(&port, (uintptr_t)device, 139);
	CHECK(word_get(device, DIVISOR) == 139 && word_get(device, CONTROL) == 0xd);
	return &port.transfer;
}

static void device_interrupt(void)
{
	stm32_usart_interrupt(&port);
}

static void device_ready(bool ready)
{
	uint32_t rest = word_get(device, STATUS) & ~(uint32_t)TX_EMPTY;

	word_set(device, STATUS, ready ? rest | TX_EMPTY : rest);
}

static void device_offer(int byte)
{
	word_set(device, RECEIVED, (uint32_t)byte);
	word_set(device, STATUS, word_get(device, STATUS) | RX_FULL);
}

static bool device_sends(void)
{
	return (word_get(device, CONTROL) & TX_INTERRUPT) != 0;
}

static bool device_listens(void)
{
	return (word_get(device, CONTROL) & RX_INTERRUPT) != 0;
}

/* An overrun ends the reception, whether or not there is a byte. */
static void test_overrun(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	word_set(device, STATUS, OVERRUN);
	device_interrupt();
	CHECK(got.calls == 1 && got.count == 0 && got.status == E_FAIL);
	CHECK(word_get(device, CLEAR) == OVERRUN);
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	device_offer('o');
	device_interrupt();
	CHECK(got.calls == 2 && got.count == 1 && got.status == E_FAIL && line[0] == 'o');
}

static void test_emergency(void)
{
	uart_start();
	word_set(device, STATUS, TX_EMPTY | IDLE);
	stm32_usart_emergency_write(&port, "panic", 5);
	CHECK(word_get(device, TRANSMIT) == 'c');
	device_ready(false); /* a dead port does not hang the report */
	stm32_usart_emergency_write(&port, "more", 4);
	CHECK(word_get(device, TRANSMIT) == 'c');
}

int main(void)
{
	uart_checks();
	test_overrun();
	test_emergency();
	return chip_result("chip_stm32_usart");
}
