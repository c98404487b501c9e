/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The scripted devices behind the interfaces of hil/. */
#ifndef HOST_DEVICES_H
#define HOST_DEVICES_H

#include "hil/alarm.h"
#include "hil/entropy.h"
#include "hil/uart.h"
#include "state.h"

struct host_uart {
	struct uart uart;
	enum host_irq irq;
	struct host_output *output;
	uint8_t *tx, *rx; /* NULL: nothing is under way */
	size_t tx_length, rx_length;
	bool aborted;
	uint8_t input[HOST_INPUT];
	size_t input_first, input_count;
};

struct host_alarm {
	struct alarm alarm;
	bool armed;
	uint64_t due_us;
};

struct host_entropy {
	struct entropy entropy;
	uint8_t *buffer;
	size_t length;
	uint32_t state; /* not 0 */
};

void host_uart_init(struct host_uart *self, enum host_irq irq, struct host_output *output);
void host_uart_interrupt(struct host_uart *self);
void host_uart_feed(struct host_uart *self, const uint8_t *bytes, size_t length);

void host_alarm_init(struct host_alarm *self, uint32_t hz);
void host_alarm_interrupt(struct host_alarm *self);

void host_entropy_init(struct host_entropy *self, uint32_t seed);
void host_entropy_interrupt(struct host_entropy *self);

#endif
