/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The devices of the board. What they are told to do is done at once, and told
 * by interrupt; only alarms take (virtual) time.
 */
#include "devices.h"

#include "state.h"

#include "lib/compiler.h"

#include <string.h>

bool host_should_fail(enum host_fault fault, enum error *error)
{
	struct host_failure *failure = &host.failures[fault];

	if (failure->times == 0)
		return false;
	if (failure->after > 0) {
		failure->after--;
		return false;
	}
	failure->times--;
	*error = failure->error;
	return true;
}

void host_fail(enum host_fault fault, enum error error, uint32_t after, uint32_t times)
{
	host.failures[fault] = (struct host_failure){error, after, times};
}

/* ---- serial port ---- */

static struct host_uart *uart_of(struct uart *uart)
{
	return CONTAINER_OF(uart, struct host_uart, uart);
}

static enum error uart_transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct host_uart *self = uart_of(uart);
	enum error error;

	if (length == 0)
		return E_SIZE;
	if (self->tx != NULL)
		return E_BUSY;
	if (host_should_fail(HOST_FAIL_TRANSMIT, &error))
		return error;
	self->tx = *slot;
	self->tx_length = length;
	*slot = NULL;
	host_raise(self->irq);
	return E_OK;
}

static enum error uart_receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct host_uart *self = uart_of(uart);
	enum error error;

	if (length == 0)
		return E_SIZE;
	if (self->rx != NULL)
		return E_BUSY;
	if (host_should_fail(HOST_FAIL_RECEIVE, &error))
		return error;
	self->rx = *slot;
	self->rx_length = length;
	*slot = NULL;
	host_raise(self->irq);
	return E_OK;
}

static enum error uart_abort(struct uart *uart)
{
	struct host_uart *self = uart_of(uart);

	if (self->rx == NULL)
		return E_ALREADY;
	self->aborted = true;
	host_raise(self->irq);
	return E_OK;
}

static const struct uart_ops uart_ops = {
	.transmit = uart_transmit,
	.receive = uart_receive,
	.receive_abort = uart_abort,
};

void host_uart_init(struct host_uart *self, enum host_irq irq, struct host_output *output)
{
	*self = (struct host_uart){.uart = {.ops = &uart_ops}, .irq = irq, .output = output};
}

static void finish_transmit(struct host_uart *self)
{
	uint8_t *buffer = self->tx;
	enum error status = E_OK;
	size_t count = self->tx_length;

	if (buffer == NULL)
		return;
	if (host_should_fail(HOST_FAIL_TRANSMITTED, &status))
		count /= 2;
	host_output_add(self->output, buffer, count);
	self->tx = NULL;
	self->uart.client->ops->transmitted(self->uart.client, buffer, count, status);
}

static void finish_receive(struct host_uart *self)
{
	uint8_t *buffer = self->rx;
	enum error status = self->aborted ? E_CANCEL : E_OK;
	size_t count = 0;

	if (buffer == NULL || (!self->aborted && self->input_count == 0))
		return;
	while (status == E_OK && count < self->rx_length && self->input_count > 0) {
		buffer[count++] = self->input[self->input_first++ % HOST_INPUT];
		self->input_count--;
	}
	if (status == E_OK && host_should_fail(HOST_FAIL_RECEIVED, &status))
		count = 0;
	self->aborted = false;
	self->rx = NULL;
	self->uart.client->ops->received(self->uart.client, buffer, count, status);
	if (self->input_count > 0)
		host_raise(self->irq);
}

void host_uart_interrupt(struct host_uart *self)
{
	finish_transmit(self);
	finish_receive(self);
}

void host_uart_feed(struct host_uart *self, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length && self->input_count < HOST_INPUT; i++)
		self->input[(self->input_first + self->input_count++) % HOST_INPUT] = bytes[i];
	host_raise(self->irq);
}

/* ---- alarm ---- */

static struct host_alarm *alarm_of(const struct alarm *alarm)
{
	return (struct host_alarm *)(uintptr_t)((const char *)alarm -
						offsetof(struct host_alarm, alarm));
}

static uint64_t ticks_at(const struct host_alarm *self, uint64_t us)
{
	return us / 1000000 * self->alarm.frequency_hz +
	       us % 1000000 * self->alarm.frequency_hz / 1000000;
}

/* The first microsecond in which the counter has reached `ticks`. */
static uint64_t us_at(const struct host_alarm *self, uint64_t ticks)
{
	uint32_t hz = self->alarm.frequency_hz;

	return ticks / hz * 1000000 + (ticks % hz * 1000000 + hz - 1) / hz;
}

static uint32_t alarm_now(const struct alarm *alarm)
{
	return (uint32_t)ticks_at(alarm_of(alarm), host.now_us);
}

static void alarm_set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	struct host_alarm *self = alarm_of(alarm);
	uint64_t now = ticks_at(self, host.now_us);
	uint32_t elapsed = (uint32_t)now - reference;
	uint32_t rest = elapsed < delta ? delta - elapsed : 0;

	self->armed = true;
	self->due_us = us_at(self, now + rest);
	if (rest == 0)
		self->due_us = host.now_us;
	if (self->due_us <= host.now_us)
		host_raise(HOST_IRQ_ALARM);
}

static void alarm_disarm(struct alarm *alarm)
{
	alarm_of(alarm)->armed = false;
}

static const struct alarm_ops alarm_ops = {
	.now = alarm_now,
	.set = alarm_set,
	.disarm = alarm_disarm,
};

void host_alarm_init(struct host_alarm *self, uint32_t hz)
{
	*self = (struct host_alarm){.alarm = {.ops = &alarm_ops, .frequency_hz = hz}};
}

void host_alarm_interrupt(struct host_alarm *self)
{
	if (!self->armed || self->due_us > host.now_us)
		return;
	self->armed = false;
	self->alarm.client->ops->fired(self->alarm.client);
}

/* ---- entropy ---- */

static enum error gather(struct entropy *entropy, uint8_t **slot, size_t length)
{
	struct host_entropy *self = CONTAINER_OF(entropy, struct host_entropy, entropy);
	enum error error;

	if (length == 0)
		return E_SIZE;
	if (self->buffer != NULL)
		return E_BUSY;
	if (host_should_fail(HOST_FAIL_GATHER, &error))
		return error;
	self->buffer = *slot;
	self->length = length;
	*slot = NULL;
	host_raise(HOST_IRQ_ENTROPY);
	return E_OK;
}

static const struct entropy_ops entropy_ops = {.gather = gather};

void host_entropy_init(struct host_entropy *self, uint32_t seed)
{
	*self = (struct host_entropy){.entropy = {.ops = &entropy_ops}, .state = seed};
}

/* xorshift32 */
static uint8_t next_byte(struct host_entropy *self)
{
	self->state ^= self->state << 13;
	self->state ^= self->state >> 17;
	self->state ^= self->state << 5;
	return (uint8_t)(self->state >> 24);
}

void host_entropy_interrupt(struct host_entropy *self)
{
	uint8_t *buffer = self->buffer;
	enum error status = E_OK;
	size_t count = 0;

	if (buffer == NULL)
		return;
	self->buffer = NULL;
	if (!host_should_fail(HOST_FAIL_GATHERED, &status))
		while (count < self->length)
			buffer[count++] = next_byte(self);
	self->entropy.client->ops->gathered(self->entropy.client, buffer, count, status);
}
