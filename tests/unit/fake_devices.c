/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The log, serial port, alarm and entropy source of the fake kernel. */
#include "fake_kernel.h"
#include "kernel/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG = 8192 };

static char log_text[LOG];
static size_t log_length;
static struct log_reader *log_reader;

void fake_log_clear(void)
{
	log_length = 0;
	log_reader = NULL;
}

void fake_log_tell(void)
{
	if (log_reader != NULL && log_length > 0)
		log_reader->ops->filled(log_reader);
}

void log_print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_length += (size_t)vsnprintf(log_text + log_length, LOG - log_length, format, arguments);
	va_end(arguments);
	if (log_length >= LOG)
		fake_broken("the test's log is full");
}

void log_set_reader(struct log_reader *reader)
{
	log_reader = reader;
}

size_t log_read(uint8_t *destination, size_t capacity)
{
	size_t count = log_length < capacity ? log_length : capacity;

	memcpy(destination, log_text, count);
	log_length -= count;
	memmove(log_text, log_text + count, log_length);
	return count;
}

const char *fake_log(void)
{
	static char copy[LOG];

	memcpy(copy, log_text, log_length);
	copy[log_length] = '\0';
	log_length = 0;
	return copy;
}

static struct fake_uart *uart_of(struct uart *uart)
{
	return CONTAINER_OF(uart, struct fake_uart, uart);
}

static enum error uart_transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct fake_uart *self = uart_of(uart);

	if (*slot == NULL)
		fake_broken("a transmission without a buffer");
	if (length == 0)
		return E_SIZE;
	if (self->tx_buffer != NULL)
		return E_BUSY;
	if (self->refuse_transmit)
		return E_OFF;
	self->tx_buffer = *slot;
	self->tx_length = length;
	*slot = NULL;
	return E_OK;
}

static enum error uart_receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct fake_uart *self = uart_of(uart);

	if (*slot == NULL)
		fake_broken("a reception without a buffer");
	if (length == 0)
		return E_SIZE;
	if (self->rx_buffer != NULL)
		return E_BUSY;
	if (self->refuse_receive)
		return E_OFF;
	self->rx_buffer = *slot;
	self->rx_capacity = length;
	*slot = NULL;
	return E_OK;
}

static enum error uart_receive_abort(struct uart *uart)
{
	struct fake_uart *self = uart_of(uart);

	if (self->rx_buffer == NULL)
		return E_ALREADY;
	self->aborting = true;
	return E_OK;
}

static const struct uart_ops uart_ops = {uart_transmit, uart_receive, uart_receive_abort};

void fake_uart_init(struct fake_uart *self)
{
	memset(self, 0, sizeof(*self));
	self->uart.ops = &uart_ops;
}

bool fake_uart_step(struct fake_uart *self)
{
	uint8_t *buffer = self->tx_buffer;
	size_t count = self->fail_transmit ? 0 : self->tx_length;

	if (buffer == NULL)
		return false;
	if (self->sent_length + count >= sizeof(self->sent))
		fake_broken("the test does not collect what is sent");
	memcpy(self->sent + self->sent_length, buffer, count);
	self->sent_length += count;
	self->transmissions++;
	self->tx_buffer = NULL;
	self->uart.client->ops->transmitted(self->uart.client, buffer, count,
					    self->fail_transmit ? E_FAIL : E_OK);
	fake_nothing_entered();
	return true;
}

void fake_uart_settle(struct fake_uart *self)
{
	unsigned int steps = 0;

	do {
		fake_run_deferred();
		if (++steps > 10000)
			fake_broken("output without end");
	} while (fake_uart_step(self));
}

static void uart_hand_over(struct fake_uart *self, size_t count, enum error status)
{
	uint8_t *buffer = self->rx_buffer;

	self->rx_buffer = NULL;
	self->uart.client->ops->received(self->uart.client, buffer, count, status);
	fake_nothing_entered();
}

void fake_uart_type(struct fake_uart *self, const char *text)
{
	size_t left = strlen(text);

	while (left > 0 && self->rx_buffer != NULL) {
		size_t count = left < self->rx_capacity ? left : self->rx_capacity;

		memcpy(self->rx_buffer, text, count);
		text += count;
		left -= count;
		uart_hand_over(self, count, E_OK);
	}
}

void fake_uart_fail_receive(struct fake_uart *self)
{
	if (self->rx_buffer != NULL)
		uart_hand_over(self, 0, E_FAIL);
}

const char *fake_uart_sent(struct fake_uart *self)
{
	static char copy[sizeof(self->sent)];

	memcpy(copy, self->sent, self->sent_length);
	copy[self->sent_length] = '\0';
	self->sent_length = 0;
	return copy;
}

static uint32_t alarm_now(const struct alarm *alarm)
{
	const char *raw = (const char *)alarm;

	return ((const struct fake_alarm *)(const void *)(raw - offsetof(struct fake_alarm, alarm)))
		->now;
}

static void alarm_set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	struct fake_alarm *self = CONTAINER_OF(alarm, struct fake_alarm, alarm);
	uint32_t waited = self->now - reference;

	self->armed = true;
	self->remaining = waited < delta ? delta - waited : 0;
}

static void alarm_disarm(struct alarm *alarm)
{
	CONTAINER_OF(alarm, struct fake_alarm, alarm)->armed = false;
}

static const struct alarm_ops alarm_ops = {alarm_now, alarm_set, alarm_disarm};

void fake_alarm_init(struct fake_alarm *self, uint32_t now)
{
	memset(self, 0, sizeof(*self));
	self->alarm.ops = &alarm_ops;
	self->alarm.frequency_hz = 1000;
	self->now = now;
}

static void alarm_fire(struct fake_alarm *self)
{
	self->armed = false;
	self->fired++;
	self->alarm.client->ops->fired(self->alarm.client);
	fake_nothing_entered();
}

void fake_alarm_pass(struct fake_alarm *self, uint64_t ticks)
{
	unsigned int at_once = 0;

	while (self->armed && self->remaining <= ticks) {
		ticks -= self->remaining;
		at_once = self->remaining == 0 ? at_once + 1 : 0;
		if (at_once > 1000)
			fake_broken("an alarm that fires without end");
		self->now += (uint32_t)self->remaining;
		alarm_fire(self);
	}
	self->now += (uint32_t)ticks;
	self->remaining -= self->armed ? ticks : 0;
}

void fake_alarm_pass_late(struct fake_alarm *self, uint32_t ticks)
{
	bool due = self->armed && self->remaining <= ticks;

	self->now += ticks;
	self->remaining -= self->armed && !due ? ticks : 0;
	if (due)
		alarm_fire(self);
}

static enum error entropy_gather(struct entropy *entropy, uint8_t **slot, size_t length)
{
	struct fake_entropy *self = CONTAINER_OF(entropy, struct fake_entropy, entropy);

	if (*slot == NULL)
		fake_broken("a request without a buffer");
	if (self->refuses != E_OK)
		return self->refuses;
	if (self->buffer != NULL)
		return E_BUSY;
	self->buffer = *slot;
	self->length = length;
	*slot = NULL;
	return E_OK;
}

static const struct entropy_ops entropy_ops = {entropy_gather};

void fake_entropy_init(struct fake_entropy *self)
{
	memset(self, 0, sizeof(*self));
	self->entropy.ops = &entropy_ops;
	self->next = 1;
}

bool fake_entropy_step(struct fake_entropy *self, size_t count, enum error status)
{
	uint8_t *buffer = self->buffer;

	if (buffer == NULL)
		return false;
	if (count > self->length)
		count = self->length;
	for (size_t i = 0; i < count; i++)
		buffer[i] = self->next++;
	self->buffer = NULL;
	self->entropy.client->ops->gathered(self->entropy.client, buffer, count, status);
	fake_nothing_entered();
	return true;
}
