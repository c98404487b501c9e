/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What all serial port drivers do alike to keep hil/uart.h's promises: take a slot,
 * refuse a second operation, abort a reception, give buffers back. A driver embeds
 * one of these and brings the registers.
 */
#ifndef CHIPS_UART_TRANSFER_H
#define CHIPS_UART_TRANSFER_H

#include "hil/uart.h"
#include "kernel/deferred.h"

#include <stdbool.h>

struct uart_transfer;

/* What the driver does. The fields below are set before, and cleared after. */
struct uart_transfer_ops {
	/* Lets the interrupt come that calls for more bytes to send, or no longer. */
	void (*transmit_enable)(struct uart_transfer *transfer, bool on);
	/* The same for bytes that came. */
	void (*receive_enable)(struct uart_transfer *transfer, bool on);
	/*
	 * Takes bytes that no interrupt will tell of, after transfer->later was set.
	 * NULL: the driver never sets it.
	 */
	void (*receive_look)(struct uart_transfer *transfer);
};

struct uart_transfer {
	struct uart uart;
	struct deferred later; /* tells the end of an aborted reception */
	const struct uart_transfer_ops *ops;
	uint8_t *tx_buffer; /* NULL: nothing is being sent */
	size_t tx_length;
	size_t tx_sent;
	uint8_t *rx_buffer; /* NULL: no reception */
	size_t rx_length;   /* 0 in a reception: aborted, and not told yet */
};

/* A port that does nothing yet. */
void uart_transfer_init(struct uart_transfer *transfer, const struct uart_transfer_ops *ops);

static inline bool uart_transfer_sending(const struct uart_transfer *transfer)
{
	return transfer->tx_buffer != NULL;
}

static inline bool uart_transfer_receiving(const struct uart_transfer *transfer)
{
	return transfer->rx_buffer != NULL && transfer->rx_length != 0;
}

/*
 * The next bytes to send: at most `most`, which count as sent. `*from` is the first;
 * returns how many. Call uart_transfer_sent() once they are with the hardware.
 */
static inline size_t uart_transfer_take(struct uart_transfer *transfer, size_t most,
					const uint8_t **from)
{
	size_t rest = transfer->tx_length - transfer->tx_sent;
	size_t count = rest < most ? rest : most;

	*from = transfer->tx_buffer + transfer->tx_sent;
	transfer->tx_sent += count;
	return count;
}

/* Where all bytes were taken, ends the transmission. Calls the client. */
void uart_transfer_sent(struct uart_transfer *transfer);

/* Ends the reception with `count` bytes in its buffer. Calls the client. */
void uart_transfer_received(struct uart_transfer *transfer, size_t count, enum error status);

#endif
