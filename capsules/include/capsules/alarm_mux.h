/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several alarms over one. Each client has a port, which is an alarm like the
 * one below; ports that expire together fire in the order of attachment.
 */
#ifndef CAPSULES_ALARM_MUX_H
#define CAPSULES_ALARM_MUX_H

#include "hil/alarm.h"

#include <stdbool.h>
#include <stdint.h>

struct alarm_mux_port {
	struct alarm alarm; /* what the client uses; the client sets alarm.client */
	struct alarm_mux *mux;
	struct alarm_mux_port *next;
	uint32_t remaining; /* ticks from mux->checked; 0: due */
	bool armed;
	bool joined; /* it was set once, and is in the list */
};

struct alarm_mux {
	struct alarm_client client;
	struct alarm *alarm;
	struct alarm_mux_port *first;
	uint32_t checked; /* when the remaining ticks were last brought up to date */
	bool ticking;     /* the alarm below is set */
	bool direct;      /* it is the one port's own */
	bool firing;      /* ports are being told; what they set is armed afterwards */
};

/* Becomes the client of `alarm`. Needs no more than the storage of `mux`. */
void alarm_mux_init(struct alarm_mux *mux, struct alarm *alarm);

/* Before the first use of `port`. A port can be attached once. */
void alarm_mux_attach(struct alarm_mux *mux, struct alarm_mux_port *port);

#endif
