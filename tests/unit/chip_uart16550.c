/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The 16550 driver's promises to its client: buffers, bursts, errors. The order
 * of bytes on a line is tested on the emulated machine.
 *
 * LINK: chips/src/uart16550.c
 */
#include "chip_check.h"
#include "chips/uart16550.h"

#include <stdbool.h>
#include <string.h>

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
static struct uart *uart = &port.uart;
static struct deferred *deferred;

static struct {
	unsigned calls;
	uint8_t *buffer;
	size_t count;
	enum error status;
} sent, got;

static uint8_t line[4];
static uint8_t text[33];
static uint8_t other[1];
static uint8_t *slot;
static uint8_t *second;
static bool again; /* start the next operation from the callback */

void deferred_set(struct deferred *call)
{
	CHECK(deferred == NULL);
	deferred = call;
}

static void deferred_run(void)
{
	struct deferred *call = deferred;

	deferred = NULL;
	if (call != NULL)
		call->ops->called(call);
}

static void transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
			enum error status)
{
	(void)client;
	sent.calls++;
	sent.buffer = buffer;
	sent.count = count;
	sent.status = status;
	if (again)
		CHECK(uart->ops->transmit(uart, &buffer, 5) == E_OK);
}

static void received(struct uart_client *client, uint8_t *buffer, size_t count, enum error status)
{
	(void)client;
	got.calls++;
	got.buffer = buffer;
	got.count = count;
	got.status = status;
	if (again)
		CHECK(uart->ops->receive(uart, &buffer, 4) == E_OK);
}

static const struct uart_client_ops client_ops = {
	.transmitted = transmitted,
	.received = received,
};
static struct uart_client client = {.ops = &client_ops};

static void start(void)
{
	memset(&sent, 0, sizeof(sent));
	memset(&got, 0, sizeof(got));
	memset(line, 0, sizeof(line));
	again = false;
	deferred = NULL;
	for (unsigned i = 0; i < sizeof(device); i++)
		device[i] = 0xff;
	uart16550_init(&port, (uintptr_t)device, 2);
	uart->client = &client;
	CHECK(device[IER] == 0);
	CHECK(device[FCR] == 0x87);
	CHECK(device[LCR] == 0x03);
	device[LSR] = EMPTY | IDLE;
}

static void test_transmit(void)
{
	memset(text, 'x', sizeof(text));
	start();
	slot = text;
	second = other;
	CHECK(uart->ops->transmit(uart, &slot, 0) == E_SIZE && slot == text);
	CHECK(uart->ops->transmit(uart, &slot, sizeof(text)) == E_OK && slot == NULL);
	CHECK(uart->ops->transmit(uart, &second, 1) == E_BUSY && second == other);
	CHECK(sent.calls == 0 && (device[IER] & IER_TX) != 0);

	device[LSR] = 0; /* the FIFO is not empty yet: wait */
	uart16550_interrupt(&port);
	CHECK(port.tx_sent == 0);
	device[LSR] = EMPTY;
	uart16550_interrupt(&port);
	CHECK(port.tx_sent == 16 && sent.calls == 0 && device[DATA] == 'x');
	uart16550_interrupt(&port);
	CHECK(port.tx_sent == 32 && sent.calls == 0);
	uart16550_interrupt(&port);
	CHECK(sent.calls == 1 && sent.buffer == text && sent.count == sizeof(text));
	CHECK(sent.status == E_OK && (device[IER] & IER_TX) == 0);
	uart16550_interrupt(&port);
	CHECK(sent.calls == 1);
}

static void test_transmit_again(void)
{
	start();
	slot = text;
	again = true;
	CHECK(uart->ops->transmit(uart, &slot, 16) == E_OK);
	uart16550_interrupt(&port);
	CHECK(sent.calls == 1 && sent.count == 16 && (device[IER] & IER_TX) != 0);
	uart16550_interrupt(&port);
	CHECK(sent.calls == 2 && sent.count == 5);
}

static void test_receive(void)
{
	start();
	slot = line;
	second = line;
	CHECK(uart->ops->receive(uart, &slot, 0) == E_SIZE && slot == line);
	CHECK(uart->ops->receive(uart, &slot, 3) == E_OK && slot == NULL);
	CHECK(uart->ops->receive(uart, &second, 3) == E_BUSY && second == line);
	CHECK((device[IER] & IER_RX) == IER_RX);
	uart16550_interrupt(&port); /* nothing there */
	CHECK(got.calls == 0);
	device[DATA] = 'q';
	device[LSR] = EMPTY | READY;
	uart16550_interrupt(&port); /* there is always one more */
	CHECK(got.calls == 1 && got.buffer == line && got.count == 3 && got.status == E_OK);
	CHECK(line[0] == 'q' && line[2] == 'q' && line[3] == 0);
	CHECK((device[IER] & IER_RX) == 0);
	uart16550_interrupt(&port);
	CHECK(got.calls == 1);
	again = true;
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 1) == E_OK);
	uart16550_interrupt(&port);
	CHECK(got.calls == 2 && (device[IER] & IER_RX) == IER_RX);
}

static void test_receive_errors(void)
{
	start();
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

static void test_abort(void)
{
	start();
	slot = line;
	second = line;
	CHECK(uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	CHECK(uart->ops->receive_abort(uart) == E_OK);
	CHECK(uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(got.calls == 0 && (device[IER] & IER_RX) == 0);
	CHECK(uart->ops->receive(uart, &second, 4) == E_BUSY && second == line);
	/* An error between the abort and its end does not end the reception twice. */
	second = text;
	CHECK(uart->ops->transmit(uart, &second, 1) == E_OK);
	device[LSR] = EMPTY | READY | OVERRUN;
	uart16550_interrupt(&port);
	uart16550_interrupt(&port);
	CHECK(sent.calls == 1 && got.calls == 0);
	deferred_run();
	CHECK(got.calls == 1 && got.buffer == line && got.count == 0 && got.status == E_CANCEL);
	CHECK(uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(uart->ops->receive(uart, &got.buffer, 4) == E_OK);
}

static void test_emergency(void)
{
	start();
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
	test_transmit();
	test_transmit_again();
	test_receive();
	test_receive_errors();
	test_abort();
	test_emergency();
	return chip_result("chip_uart16550");
}
