/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The CMSDK serial port driver's promises to its client.
 *
 * LINK: chips/src/cmsdk_uart.c chips/src/uart_transfer.c
 */
#include "chips/cmsdk_uart.h"
#include "uart_fixture.h"

enum {
	DATA = 0x00,
	STATE = 0x04,
	CONTROL = 0x08,
	INTERRUPTS = 0x0c,
	DIVISOR = 0x10,

	TX_FULL = 1 << 0,
	RX_FULL = 1 << 1,
	RX_OVERRUN = 1 << 3,
	TX_INTERRUPT = 1 << 2,
	RX_INTERRUPT = 1 << 3,
	BOTH = 3,
};

static uint32_t device[5];
static struct cmsdk_uart port;

static struct uart_transfer *device_start(void)
{
	memset(device, 0, sizeof(device));
	cmsdk_uart_init(&port, (uintptr_t)device, 217);
	CHECK(word_get(device, DIVISOR) == 217 && word_get(device, CONTROL) == 3);
	word_set(device, STATE, TX_FULL);
	return &port.transfer;
}

static void device_interrupt(void)
{
	word_set(device, INTERRUPTS, BOTH);
	cmsdk_uart_interrupt(&port);
}

static void device_ready(bool ready)
{
	uint32_t rest = word_get(device, STATE) & ~(uint32_t)TX_FULL;

	word_set(device, STATE, ready ? rest : rest | TX_FULL);
}

static void device_offer(int byte)
{
	word_set(device, DATA, (uint32_t)byte);
	word_set(device, STATE, word_get(device, STATE) | RX_FULL);
}

static bool device_sends(void)
{
	return (word_get(device, CONTROL) & TX_INTERRUPT) != 0;
}

static bool device_listens(void)
{
	return (word_get(device, CONTROL) & RX_INTERRUPT) != 0;
}

/* No interrupt tells of a byte that came before the reception. */
static void test_byte_before(void)
{
	uart_start();
	device_offer('b');
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK && got.calls == 0);
	deferred_run();
	CHECK(got.calls == 1 && got.count == 1 && got.status == E_OK && line[0] == 'b');
}

static void test_overrun(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	device_offer('o');
	word_set(device, STATE, RX_FULL | RX_OVERRUN);
	device_interrupt();
	CHECK(got.calls == 1 && got.count == 1 && got.status == E_FAIL);
}

static void test_emergency(void)
{
	uart_start();
	device_ready(true);
	cmsdk_uart_emergency_write(&port, "panic", 5);
	CHECK(word_get(device, DATA) == 'c');
	device_ready(false); /* a dead port does not hang the report */
	cmsdk_uart_emergency_write(&port, "more", 4);
	CHECK(word_get(device, DATA) == 'c');
}

int main(void)
{
	uart_checks();
	test_byte_before();
	test_overrun();
	test_emergency();
	return chip_result("chip_cmsdk_uart");
}
