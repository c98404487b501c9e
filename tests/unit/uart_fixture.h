/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the tests of all serial port drivers share: a client, and the promises of
 * hil/uart.h, checked in one place. A test includes this after its driver and gives
 * the functions below; its device is plain memory, so it may offer a byte again and
 * again.
 */
#ifndef UART_FIXTURE_H
#define UART_FIXTURE_H

#include "chip_check.h"
#include "chips/uart_transfer.h"

#include <stdbool.h>
#include <string.h>

/* Starts the driver anew; returns its port. The device takes and offers nothing then. */
static struct uart_transfer *device_start(void);
static void device_interrupt(void);
/* Whether the device takes bytes to send, as much as it has room for. */
static void device_ready(bool ready);
/* What it has received; -1: nothing. */
static void device_offer(int byte);
static bool device_sends(void); /* its interrupt for sending is enabled */
static bool device_listens(void);

static struct uart_transfer *transfer;
static struct uart *uart;
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
	CHECK(deferred == NULL || deferred == call);
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

static void uart_start(void)
{
	memset(&sent, 0, sizeof(sent));
	memset(&got, 0, sizeof(got));
	memset(line, 0, sizeof(line));
	memset(text, 'x', sizeof(text));
	again = false;
	deferred = NULL;
	transfer = device_start();
	uart = &transfer->uart;
	uart->client = &client;
	CHECK(!device_sends() && !device_listens());
}

/* Interrupts until the client has been told `calls` times, or more than enough. */
static void uart_finish_sending(unsigned calls)
{
	for (int i = 0; i < 100 && sent.calls < calls; i++)
		device_interrupt();
	CHECK(sent.calls == calls);
}

static void check_transmit(void)
{
	uart_start();
	slot = text;
	second = other;
	CHECK(uart->ops->transmit(uart, &slot, 0) == E_SIZE && slot == text);
	CHECK(uart->ops->transmit(uart, &slot, sizeof(text)) == E_OK && slot == NULL);
	CHECK(uart->ops->transmit(uart, &second, 1) == E_BUSY && second == other);
	CHECK(sent.calls == 0 && device_sends() && !device_listens());
	device_interrupt(); /* there is no room yet: wait */
	CHECK(sent.calls == 0 && transfer->tx_sent == 0 && device_sends());
	device_ready(true);
	uart_finish_sending(1);
	CHECK(sent.buffer == text && sent.count == sizeof(text) && sent.status == E_OK);
	CHECK(!device_sends());
	device_interrupt();
	CHECK(sent.calls == 1);
}

static void check_transmit_again(void)
{
	uart_start();
	device_ready(true);
	slot = text;
	again = true;
	CHECK(uart->ops->transmit(uart, &slot, 8) == E_OK && sent.calls == 0);
	uart_finish_sending(1);
	CHECK(sent.count == 8 && device_sends());
	uart_finish_sending(2);
	CHECK(sent.count == 5);
}

static void check_receive(void)
{
	uart_start();
	slot = line;
	second = line;
	CHECK(uart->ops->receive(uart, &slot, 0) == E_SIZE && slot == line);
	CHECK(uart->ops->receive(uart, &slot, 3) == E_OK && slot == NULL);
	CHECK(uart->ops->receive(uart, &second, 3) == E_BUSY && second == line);
	CHECK(device_listens() && !device_sends());
	device_interrupt(); /* nothing there */
	CHECK(got.calls == 0 && device_listens());
	device_offer('q');
	device_interrupt();
	CHECK(got.calls == 1 && got.buffer == line && got.status == E_OK);
	CHECK(got.count >= 1 && got.count <= 3 && line[0] == 'q' && line[3] == 0);
	CHECK(!device_listens());
	device_interrupt();
	CHECK(got.calls == 1);
	again = true;
	slot = line;
	CHECK(uart->ops->receive(uart, &slot, 1) == E_OK && got.calls == 1);
	device_offer('q');
	device_interrupt();
	CHECK(got.calls == 2 && got.count == 1 && device_listens());
}

/* The two directions do not disturb each other. */
static void check_both(void)
{
	uart_start();
	device_ready(true);
	slot = line;
	second = text;
	CHECK(uart->ops->receive(uart, &slot, 2) == E_OK);
	CHECK(uart->ops->transmit(uart, &second, 1) == E_OK);
	CHECK(device_listens() && device_sends());
	uart_finish_sending(1);
	CHECK(got.calls == 0 && device_listens() && !device_sends());
	device_offer('r');
	device_interrupt();
	CHECK(sent.calls == 1 && got.calls == 1 && line[0] == 'r');
}

static void check_abort(void)
{
	uart_start();
	device_ready(true);
	slot = line;
	second = line;
	CHECK(uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(uart->ops->receive(uart, &slot, 4) == E_OK);
	CHECK(uart->ops->receive_abort(uart) == E_OK);
	CHECK(uart->ops->receive_abort(uart) == E_ALREADY);
	CHECK(got.calls == 0 && !device_listens());
	CHECK(uart->ops->receive(uart, &second, 4) == E_BUSY && second == line);
	/* A byte between the abort and its end does not end the reception twice. */
	second = text;
	CHECK(uart->ops->transmit(uart, &second, 1) == E_OK);
	device_offer('z');
	uart_finish_sending(1);
	CHECK(got.calls == 0);
	deferred_run();
	CHECK(got.calls == 1 && got.buffer == line && got.count == 0 && got.status == E_CANCEL);
	CHECK(line[0] == 0 && uart->ops->receive_abort(uart) == E_ALREADY);
	deferred_run();
	CHECK(got.calls == 1);
	CHECK(uart->ops->receive(uart, &got.buffer, 4) == E_OK);
}

/* All of the promises. */
static inline void uart_checks(void)
{
	check_transmit();
	check_transmit_again();
	check_receive();
	check_both();
	check_abort();
}

#endif
