/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/uart_mux.h"

#include "lib/compiler.h"

static struct uart_mux_port *port_after(struct uart_mux *mux, struct uart_mux_port *port)
{
	return port->next != NULL ? port->next : mux->first;
}

static enum error port_start(struct uart_mux_port *port, uint8_t **slot, size_t length)
{
	struct uart_mux *mux = port->mux;
	enum error error = mux->uart->ops->transmit(mux->uart, slot, length);

	if (error == E_OK)
		mux->sending = port;
	return error;
}

/* Gives the buffer of a transmission that is over back; the port can send again. */
static void port_transmitted(struct uart_mux_port *port, uint8_t *buffer, size_t count,
			     enum error status)
{
	port->tx_length = 0;
	port->uart.client->ops->transmitted(port->uart.client, buffer, count, status);
}

/* Begins what `port` has waiting. False: it has nothing, or it could not be sent. */
static bool port_send_waiting(struct uart_mux_port *port)
{
	uint8_t *buffer = port->tx_buffer;

	if (buffer == NULL)
		return false;
	port->tx_buffer = NULL;

	enum error error = port_start(port, &buffer, port->tx_length);

	if (error == E_OK)
		return true;
	port_transmitted(port, buffer, 0, E_FAIL);
	return false;
}

/* `sending` stays set while clients are called, so that what they send waits for its turn. */
static void uart_mux_transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
				 enum error status)
{
	struct uart_mux *mux = CONTAINER_OF(client, struct uart_mux, client);
	struct uart_mux_port *last = mux->sending;

	if (last == NULL)
		return;
	port_transmitted(last, buffer, count, status);

	struct uart_mux_port *port = last;

	do {
		port = port_after(mux, port);
		if (port_send_waiting(port))
			return;
	} while (port != last);
	mux->sending = NULL;
}

static enum error port_transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart_mux_port *port = CONTAINER_OF(uart, struct uart_mux_port, uart);

	if (length == 0)
		return E_SIZE;
	if (port->tx_length != 0)
		return E_BUSY;
	if (port->mux->sending == NULL) {
		enum error error = port_start(port, slot, length);

		if (error == E_OK)
			port->tx_length = length;
		return error;
	}
	port->tx_buffer = *slot;
	port->tx_length = length;
	*slot = NULL;
	return E_OK;
}

static void port_received(struct uart_mux_port *port, size_t count, enum error status)
{
	uint8_t *buffer = port->rx_buffer;

	port->rx_buffer = NULL;
	port->rx_aborted = false;
	port->uart.client->ops->received(port->uart.client, buffer, count, status);
}

static void uart_mux_distribute(struct uart_mux *mux, uint8_t byte)
{
	for (struct uart_mux_port *port = mux->first; port != NULL; port = port->next) {
		if (port->rx_buffer == NULL || port->rx_aborted)
			continue;
		port->rx_buffer[0] = byte;
		port_received(port, 1, E_OK);
	}
}

static void uart_mux_tell_failure(struct uart_mux *mux)
{
	for (struct uart_mux_port *port = mux->first; port != NULL; port = port->next)
		if (port->rx_buffer != NULL && !port->rx_aborted)
			port_received(port, 0, E_FAIL);
}

/* Where the port below refuses, the next client that wants to receive tries again. */
static void uart_mux_receive(struct uart_mux *mux)
{
	if (mux->rx_slot != NULL)
		(void)mux->uart->ops->receive(mux->uart, &mux->rx_slot, sizeof(mux->rx_bytes));
}

static void uart_mux_received(struct uart_client *client, uint8_t *buffer, size_t count,
			      enum error status)
{
	struct uart_mux *mux = CONTAINER_OF(client, struct uart_mux, client);

	for (size_t i = 0; i < count && i < sizeof(mux->rx_bytes); i++)
		uart_mux_distribute(mux, buffer[i]);
	if (status == E_FAIL)
		uart_mux_tell_failure(mux);
	mux->rx_slot = buffer;
	uart_mux_receive(mux);
}

static enum error port_receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart_mux_port *port = CONTAINER_OF(uart, struct uart_mux_port, uart);

	if (length == 0)
		return E_SIZE;
	if (port->rx_buffer != NULL)
		return E_BUSY;
	port->rx_buffer = *slot;
	*slot = NULL;
	uart_mux_receive(port->mux);
	return E_OK;
}

static enum error port_receive_abort(struct uart *uart)
{
	struct uart_mux_port *port = CONTAINER_OF(uart, struct uart_mux_port, uart);

	if (port->rx_buffer == NULL || port->rx_aborted)
		return E_ALREADY;
	port->rx_aborted = true;
	deferred_set(&port->mux->deferred);
	return E_OK;
}

static void uart_mux_deferred(struct deferred *deferred)
{
	struct uart_mux *mux = CONTAINER_OF(deferred, struct uart_mux, deferred);

	for (struct uart_mux_port *port = mux->first; port != NULL; port = port->next)
		if (port->rx_aborted)
			port_received(port, 0, E_CANCEL);
}

static const struct uart_client_ops client_ops = {
	.transmitted = uart_mux_transmitted,
	.received = uart_mux_received,
};

static const struct deferred_ops deferred_call_ops = {
	.called = uart_mux_deferred,
};

static const struct uart_ops port_ops = {
	.transmit = port_transmit,
	.receive = port_receive,
	.receive_abort = port_receive_abort,
};

void uart_mux_init(struct uart_mux *mux, struct uart *uart)
{
	*mux = (struct uart_mux){
		.client = {.ops = &client_ops},
		.uart = uart,
		.deferred = {.ops = &deferred_call_ops},
	};
	mux->rx_slot = mux->rx_bytes;
	uart->client = &mux->client;
}

void uart_mux_attach(struct uart_mux *mux, struct uart_mux_port *port)
{
	struct uart_mux_port **end = &mux->first;

	while (*end != NULL)
		end = &(*end)->next;
	*port = (struct uart_mux_port){.uart = {.ops = &port_ops}, .mux = mux};
	*end = port;
}
