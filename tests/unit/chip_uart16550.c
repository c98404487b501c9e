/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The 16550 driver's promises to its client: buffers, bursts, errors. The order
 * of bytes on a line is tested on the emulated machine.
 *
 * LINK: chips/src/uart16550.c chips/src/uart_transfer.c
 */
#include "chips/uart16550.h"
#include "uart_fixture.h"

enum {
	DATA = 0,
	IER = 1,
	FCR = 2,
	LCR = 3,
	LSR = 5,

	READY = 0x01,
	OVERRUN = 0x02,
	FRAMING = 0x08,
	EMPTY = 0x20,
	IDLE = 0x40,

	IER_TX = 0x02,
	IER_RX = 0x05,
};

static volatile uint8_t device[8];
static struct uart16550 port;

static struct uart_transfer *device_start(void)
{
	for (unsigned i = 0; i < sizeof(device); i++)
		device[i] = 0xff;
	uart16550_init(&port, (uintptr_t)device, 2);
	CHECK(device[IER] == 0);
	CHECK(device[FCR] == 0x87);
	CHECK(device[LCR] == 0x03);
	device[LSR] = 0;
	return &port.transfer;
}

static void device_interrupt(void)
{
	uart16550_interrupt(&port);
}

static void device_ready(bool ready)
{
	device[LSR] = (uint8_t)((device[LSR] & ~(EMPTY | IDLE)) | (ready ? EMPTY | IDLE : 0));
}

static void device_offer(int byte)
{
	device[DATA] = (uint8_t)byte;
	device[LSR] |= READY;
}

static bool device_sends(void)
{
	return (device[IER] & IER_TX) != 0;
}

static bool device_listens(void)
{
	return (device[IER] & IER_RX) == IER_RX;
}

static void test_bursts(void)
{
	uart_start();
	device_ready(true);
	slot = text;
	CHECK(uart->ops->transmit(uart, &slot, sizeof(text)) == E_OK);
	device_interrupt();
	CHECK(transfer->tx_sent == 16 && sent.calls == 0 && device[DATA] == 'x');
	device_interrupt();
	CHECK(transfer->tx_sent == 32 && sent.calls == 0);
}

static void test_receive_many(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 3) == E_OK);
	device_offer('q');
	device_interrupt(); /* there is always one more */
	CHECK(got.count == 3 && line[2] == 'q' && line[3] == 0);
}

static void test_receive_errors(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	device[DATA] = 'z';
	device[LSR] = READY | FRAMING;
	uart16550_interrupt(&port);
	CHECK(got.calls == 1 && got.count == 0 && got.status == E_FAIL && line[0] == 0);

	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 2) == E_OK);
	device[LSR] = READY | OVERRUN; /* what is there is good */
	uart16550_interrupt(&port);
	CHECK(got.calls == 2 && got.count == 2 && got.status == E_FAIL && line[1] == 'z');

	/* Seen while sending only: told with the next reception. */
	slot = line;
	CHECK(uart->ops->transmit(uart, &slot, 1) == E_OK);
	device[LSR] = EMPTY | OVERRUN;
	uart16550_interrupt(&port);
	CHECK(sent.calls == 1 && got.calls == 2);
	device[LSR] = EMPTY | READY;
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 1) == E_OK);
	uart16550_interrupt(&port);
	CHECK(got.calls == 3 && got.count == 1 && got.status == E_FAIL);
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 1) == E_OK);
	uart16550_interrupt(&port);
	CHECK(got.calls == 4 && got.status == E_OK);
}

/* An error between an abort and its end does not end the reception twice. */
static void test_abort_and_error(void)
{
	uart_start();
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	CHECK(uart->ops->receive_abort(uart) == E_OK);
	device[LSR] = EMPTY | READY | OVERRUN;
	device_interrupt();
	CHECK(got.calls == 0);
	deferred_run();
	CHECK(got.calls == 1 && got.status == E_CANCEL);
}

static void test_emergency(void)
{
	uart_start();
	device_ready(true);
	slot = text;
	CHECK(uart->ops->transmit(uart, &slot, sizeof(text)) == E_OK);
	uart16550_emergency_write(&port, "panic", 5);
	CHECK(device[DATA] == 'c' && sent.calls == 0);
	device[LSR] = 0; /* a dead port does not hang the report */
	uart16550_emergency_write(&port, "more", 4);
	CHECK(device[DATA] == 'c');
}

int main(void)
{
	uart_checks();
	test_bursts();
	test_receive_many();
	test_receive_errors();
	test_abort_and_error();
	test_emergency();
	return chip_result("chip_uart16550");
}
