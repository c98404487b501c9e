/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/uart_transfer.h"

static struct uart_transfer *from_uart(struct uart *uart)
{
	return CONTAINER_OF(uart, struct uart_transfer, uart);
}

static enum error transmit(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart_transfer *transfer = from_uart(uart);

	if (transfer->tx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	transfer->tx_buffer = *slot;
	transfer->tx_length = length;
	transfer->tx_sent = 0;
	*slot = NULL;
	transfer->ops->transmit_enable(transfer, true);
	return E_OK;
}

static enum error receive(struct uart *uart, uint8_t **slot, size_t length)
{
	struct uart_transfer *transfer = from_uart(uart);

	if (transfer->rx_buffer != NULL)
		return E_BUSY;
	if (length == 0)
		return E_SIZE;
	transfer->rx_buffer = *slot;
	transfer->rx_length = length;
	*slot = NULL;
	transfer->ops->receive_enable(transfer, true);
	return E_OK;
}

static enum error receive_abort(struct uart *uart)
{
	struct uart_transfer *transfer = from_uart(uart);

	if (!uart_transfer_receiving(transfer))
		return E_ALREADY;
	transfer->rx_length = 0;
	transfer->ops->receive_enable(transfer, false);
	deferred_set(&transfer->later);
	return E_OK;
}

static void later_called(struct deferred *deferred)
{
	struct uart_transfer *transfer = CONTAINER_OF(deferred, struct uart_transfer, later);

	if (transfer->rx_buffer == NULL)
		return; /* an interrupt was faster */
	if (transfer->rx_length == 0)
		uart_transfer_received(transfer, 0, E_CANCEL);
	else
		transfer->ops->receive_look(transfer);
}

void uart_transfer_sent(struct uart_transfer *transfer)
{
	uint8_t *buffer = transfer->tx_buffer;
	struct uart_client *client = transfer->uart.client;

	if (transfer->tx_sent != transfer->tx_length)
		return;
	transfer->ops->transmit_enable(transfer, false);
	transfer->tx_buffer = NULL;
	client->ops->transmitted(client, buffer, transfer->tx_length, E_OK);
}

void uart_transfer_received(struct uart_transfer *transfer, size_t count, enum error status)
{
	uint8_t *buffer = transfer->rx_buffer;
	struct uart_client *client = transfer->uart.client;

	transfer->ops->receive_enable(transfer, false);
	transfer->rx_buffer = NULL;
	client->ops->received(client, buffer, count, status);
}

static const struct uart_ops uart_ops = {
	.transmit = transmit,
	.receive = receive,
	.receive_abort = receive_abort,
};

static const struct deferred_ops later_ops = {
	.called = later_called,
};

void uart_transfer_init(struct uart_transfer *transfer, const struct uart_transfer_ops *ops)
{
	*transfer = (struct uart_transfer){
		.uart.ops = &uart_ops,
		.later.ops = &later_ops,
		.ops = ops,
	};
}
