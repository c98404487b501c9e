/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The SiFive serial port driver's promises to its client: buffers and bursts. The
 * order of bytes on a line shows on the emulated machine.
 *
 * LINK: chips/src/sifive_uart.c chips/src/uart_transfer.c
 */
#include "chips/sifive_uart.h"
#include "uart_fixture.h"

enum {
	TXDATA = 0x00,
	RXDATA = 0x04,
	TXCTRL = 0x08,
	RXCTRL = 0x0c,
	IE = 0x10,
	IP = 0x14,
	DIV = 0x18,

	TX = 1,
	RX = 2,
};

#define NOTHING (1u << 31)

static uint32_t device[7];
static struct sifive_uart port;

static struct uart_transfer *device_start(void)
{
	memset(device, 0xff, sizeof(device));
	sifive_uart_init(&port, (uintptr_t)device, 138);
	CHECK(word_get(device, IE) == 0);
	CHECK(word_get(device, DIV) == 137);
	CHECK(word_get(device, TXCTRL) == 0x10001); /* on, one stop bit, pending below level 1 */
	CHECK(word_get(device, RXCTRL) == 0x00001); /* on, pending above level 0 */
	word_set(device, TXDATA, 0);
	word_set(device, RXDATA, NOTHING);
	word_set(device, IP, 0);
	return &port.transfer;
}

static void device_interrupt(void)
{
	sifive_uart_interrupt(&port);
}

static void device_ready(bool ready)
{
	word_set(device, IP, ready ? TX : RX);
}

static void device_offer(int byte)
{
	word_set(device, RXDATA, (uint32_t)byte);
}

static bool device_sends(void)
{
	return (word_get(device, IE) & TX) != 0;
}

static bool device_listens(void)
{
	return (word_get(device, IE) & RX) != 0;
}

static void test_bursts(void)
{
	uart_start();
	device_ready(true);
	slot = text;
	CHECK(uart->ops->transmit(uart, &slot, 17) == E_OK);
	device_interrupt();
	CHECK(transfer->tx_sent == 8 && sent.calls == 0 && word_get(device, TXDATA) == 'x');
	device_interrupt();
	CHECK(transfer->tx_sent == 16 && sent.calls == 0);
}

static void test_receive_many(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 3) == E_OK);
	word_set(device, RXDATA, NOTHING | 'p');
	device_interrupt();
	CHECK(got.calls == 0 && line[0] == 0);
	device_offer('q');
	device_interrupt(); /* there is always one more */
	CHECK(got.count == 3 && line[2] == 'q' && line[3] == 0);
}

static void test_emergency(void)
{
	uart_start();
	device_ready(true);
	slot = text;
	CHECK(uart->ops->transmit(uart, &slot, sizeof(text)) == E_OK);
	sifive_uart_emergency_write(&port, "kernel panic", 12);
	CHECK(word_get(device, TXDATA) == 'c' && sent.calls == 0);
	word_set(device, IP, 0); /* a dead port does not hang the report */
	sifive_uart_emergency_write(&port, "more", 4);
	CHECK(word_get(device, TXDATA) == 'c');
}

int main(void)
{
	uart_checks();
	test_bursts();
	test_receive_many();
	test_emergency();
	return chip_result("chip_sifive_uart");
}
