/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several clients over one serial port. Each has a port of its own, which is a
 * uart like the one below. Transmissions are sent whole, one a port in turn.
 * A byte that arrives goes to every port that is receiving at that moment, one
 * byte a callback, in the order of attachment; where no port is, it is lost.
 */
#ifndef CAPSULES_UART_MUX_H
#define CAPSULES_UART_MUX_H

#include "hil/uart.h"
#include "kernel/deferred.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UART_MUX_RECEIVE = 16 }; /* bytes, what a usual port's FIFO holds */

struct uart_mux_port {
	struct uart uart; /* what the client uses; the client sets uart.client */
	struct uart_mux *mux;
	struct uart_mux_port *next;
	uint8_t *tx_buffer; /* waits for its turn */
	size_t tx_length;   /* not 0: waits or is being sent */
	uint8_t *rx_buffer; /* not NULL: receiving */
	bool rx_aborted;
};

struct uart_mux {
	struct uart_client client;
	struct uart *uart;
	struct deferred deferred; /* hands back aborted receptions */
	struct uart_mux_port *first;
	struct uart_mux_port *sending; /* whose transmission is under way */
	uint8_t *rx_slot;              /* NULL: a reception is under way */
	uint8_t rx_bytes[UART_MUX_RECEIVE];
};

/* Becomes the client of `uart`. */
void uart_mux_init(struct uart_mux *mux, struct uart *uart);

/* Before the first use of `port`. A port can be attached once. */
void uart_mux_attach(struct uart_mux *mux, struct uart_mux_port *port);

#endif
