/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The SiFive serial port driver's promises to its client: buffers and bursts. The
 * order of bytes on a line shows on the emulated machine.
 *
 * LINK: chips/src/sifive_uart.c
 */
#include "chip_check.h"
#include "chips/sifive_uart.h"

#include <stdbool.h>
#include <string.h>

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
static struct uart *uart = &port.uart;
static struct deferred *deferred;

static struct {
	unsigned calls;
	uint8_t *buffer;
	size_t count;
	enum error status;
} sent, got;

static uint8_t line[4];
static uint8_t text[17];
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

static bool enabled(uint32_t bit)
{
	return (word_get(device, IE) & bit) != 0;
}

static void start(void)
{
	memset(&sent, 0, sizeof(sent));
	memset(&got, 0, sizeof(got));
	memset(line, 0, sizeof(line));
	memset(device, 0xff, sizeof(device));
	again = false;
	deferred = NULL;
	sifive_uart_init(&port, (uintptr_t)device, 138);
	uart->client = &client;
	CHECK(word_get(device, IE) == 0);
	CHECK(word_get(device, DIV) == 137);
	CHECK(word_get(device, TXCTRL) == 0x10001); /* on, one stop bit, pending below level 1 */
	CHECK(word_get(device, RXCTRL) == 0x00001); /* on, pending above level 0 */
	word_set(device, TXDATA, 0);
	word_set(device, IP, TX);
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
	CHECK(sent.calls == 0 && enabled(TX) && !enabled(RX));

	word_set(device, IP, RX); /* the FIFO is not empty yet: wait */
	sifive_uart_interrupt(&port);
	CHECK(port.tx_sent == 0 && word_get(device, TXDATA) == 0);
	word_set(device, IP, TX);
	sifive_uart_interrupt(&port);
	CHECK(port.tx_sent == 8 && sent.calls == 0 && word_get(device, TXDATA) == 'x');
	sifive_uart_interrupt(&port);
	CHECK(port.tx_sent == 16 && sent.calls == 0 && enabled(TX));
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1 && sent.buffer == text && sent.count == sizeof(text));
	CHECK(sent.status == E_OK && !enabled(TX));
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1);
}

static void test_transmit_again(void)
{
	start();
	slot = text;
	again = true;
	CHECK(uart->ops->transmit(uart, &slot, 8) == E_OK);
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1 && sent.count == 8 && enabled(TX));
	sifive_uart_interrupt(&port);
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
	CHECK(enabled(RX) && !enabled(TX));
	word_set(device, RXDATA, NOTHING | 'p');
	sifive_uart_interrupt(&port);
	CHECK(got.calls == 0 && line[0] == 0 && enabled(RX));
	word_set(device, RXDATA, 'q'); /* there is always one more */
	sifive_uart_interrupt(&port);
	CHECK(got.calls == 1 && got.buffer == line && got.count == 3 && got.status == E_OK);
	CHECK(line[0] == 'q' && line[2] == 'q' && line[3] == 0);
	CHECK(!enabled(RX));
	sifive_uart_interrupt(&port);
	CHECK(got.calls == 1);
	again = true;
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 1) == E_OK);
	sifive_uart_interrupt(&port);
	CHECK(got.calls == 2 && got.count == 1 && enabled(RX));
}

/* The one interrupt serves both directions, and neither disturbs the other. */
static void test_both(void)
{
	start();
	slot = line;
	second = text;
	CHECK(uart->ops->receive(uart, &slot, 2) == E_OK);
	CHECK(uart->ops->transmit(uart, &second, 1) == E_OK);
	CHECK(enabled(RX) && enabled(TX));
	word_set(device, RXDATA, NOTHING);
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1 && got.calls == 0 && enabled(RX) && !enabled(TX));
	word_set(device, RXDATA, 'r');
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1 && got.calls == 1 && got.count == 2);
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
	CHECK(got.calls == 0 && !enabled(RX));
	CHECK(uart->ops->receive(uart, &second, 4) == E_BUSY && second == line);
	/* A byte between the abort and its end does not end the reception twice. */
	second = text;
	CHECK(uart->ops->transmit(uart, &second, 1) == E_OK);
	word_set(device, RXDATA, 'z');
	sifive_uart_interrupt(&port);
	CHECK(sent.calls == 1 && got.calls == 0);
	deferred_run();
	CHECK(got.calls == 1 && got.buffer == line && got.count == 0 && got.status == E_CANCEL);
	CHECK(line[0] == 0 && uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(uart->ops->receive(uart, &got.buffer, 4) == E_OK);
}

static void test_emergency(void)
{
	start();
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
	test_transmit();
	test_transmit_again();
	test_receive();
	test_both();
	test_abort();
	test_emergency();
	return chip_result("chip_sifive_uart");
}
