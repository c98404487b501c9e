/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Serial port, split-phase. One transmission and one reception can be under
 * way at a time. Nothing here may be called from a top half.
 *
 * Buffers: an operation that returns E_OK has taken `*slot` and set it to
 * NULL; exactly one callback gives the same buffer back. On any error the slot
 * is untouched. A client is never called from inside its own call.
 */
#ifndef HIL_UART_H
#define HIL_UART_H

#include "abi/error.h"
#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

struct uart;

struct uart_client {
	const struct uart_client_ops *ops;
};

struct uart_client_ops {
	/* `count` bytes of `buffer` were sent; status is E_OK or E_FAIL. */
	void (*transmitted)(struct uart_client *client, uint8_t *buffer, size_t count,
			    enum error status);
	/*
	 * `count` bytes were received. E_OK: the buffer is full, or the port
	 * chose to hand over what came so far (count >= 1). E_CANCEL: after
	 * receive_abort(). E_FAIL: framing or overrun error.
	 */
	void (*received)(struct uart_client *client, uint8_t *buffer, size_t count,
			 enum error status);
};

struct uart_ops {
	/* E_BUSY: one is under way. E_SIZE: length is 0. */
	enum error (*transmit)(struct uart *uart, uint8_t **slot, size_t length);
	/*
	 * Receives up to `length` bytes; called back as soon as at least one byte
	 * came. E_BUSY: one is under way. E_SIZE: length is 0.
	 */
	enum error (*receive)(struct uart *uart, uint8_t **slot, size_t length);
	/* Ends a reception: received(E_CANCEL) follows. E_ALREADY: none is under way. */
	enum error (*receive_abort)(struct uart *uart);
};

struct uart {
	const struct uart_ops *ops;
	struct uart_client *client; /* set by the board before the first operation */
};

#endif
