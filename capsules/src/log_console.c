/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/log_console.h"

#include "lib/compiler.h"

/* Up to the end of the last whole line; everything, where no line ends in a full buffer. */
static size_t sendable(const struct log_console *self)
{
	if (self->held == sizeof(self->bytes))
		for (size_t i = self->held; i > 0; i--)
			if (self->bytes[i - 1] == '\n')
				return i;
	return self->held;
}

static void log_console_send(struct log_console *self)
{
	if (self->slot == NULL)
		return;
	self->held += log_read(self->bytes + self->held, sizeof(self->bytes) - self->held);

	size_t length = sendable(self);

	/* What a port refuses is sent with the next message. */
	if (length > 0)
		(void)self->uart->ops->transmit(self->uart, &self->slot, length);
}

static void log_console_filled(struct log_reader *reader)
{
	log_console_send(CONTAINER_OF(reader, struct log_console, reader));
}

/* What was not sent for an error is given up. */
static void log_console_transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
				    enum error status)
{
	struct log_console *self = CONTAINER_OF(client, struct log_console, client);
	size_t gone = status == E_OK && count < self->held ? count : self->held;

	self->slot = buffer;
	self->held -= gone;
	for (size_t i = 0; i < self->held; i++)
		self->bytes[i] = self->bytes[gone + i];
	log_console_send(self);
}

/* Never asked for. */
static void log_console_received(struct uart_client *client, uint8_t *buffer, size_t count,
				 enum error status)
{
	(void)client;
	(void)buffer;
	(void)count;
	(void)status;
}

static const struct log_reader_ops reader_ops = {
	.filled = log_console_filled,
};

static const struct uart_client_ops client_ops = {
	.transmitted = log_console_transmitted,
	.received = log_console_received,
};

void log_console_init(struct log_console *self, struct uart *uart)
{
	*self = (struct log_console){
		.reader = {.ops = &reader_ops},
		.client = {.ops = &client_ops},
		.uart = uart,
	};
	self->slot = self->bytes;
	uart->client = &self->client;
	log_set_reader(&self->reader);
}
