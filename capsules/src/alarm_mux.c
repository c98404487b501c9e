/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A port keeps how many ticks remain, counted from one common instant. So no
 * instant is ever compared with another across a wrap of the counter, and a
 * late interrupt cannot make an alarm of nearly 2^32 ticks start over. The
 * alarm below is never set further ahead than a quarter of a turn, so
 * the common instant cannot be lapped either.
 */
#include "capsules/alarm_mux.h"

#include <stddef.h>

enum { QUARTER_TURN = 0x40000000 }; /* ticks */

static void alarm_mux_advance(struct alarm_mux *mux)
{
	uint32_t now = mux->alarm->ops->now(mux->alarm);
	uint32_t elapsed = now - mux->checked;

	mux->checked = now;
	for (struct alarm_mux_port *port = mux->first; port != NULL; port = port->next)
		port->remaining = port->remaining > elapsed ? port->remaining - elapsed : 0;
}

static void alarm_mux_rearm(struct alarm_mux *mux)
{
	uint32_t earliest = QUARTER_TURN;
	bool any = false;

	for (const struct alarm_mux_port *port = mux->first; port != NULL; port = port->next) {
		if (!port->armed)
			continue;
		any = true;
		if (port->remaining < earliest)
			earliest = port->remaining;
	}
	if (any)
		mux->alarm->ops->set(mux->alarm, mux->checked, earliest);
	else if (mux->ticking)
		mux->alarm->ops->disarm(mux->alarm);
	mux->ticking = any;
}

/* While ports fire, time stands still for them, so that all is counted from one instant. */
static uint32_t port_now(const struct alarm *alarm)
{
	const struct alarm_mux_port *port = CONTAINER_OF_CONST(alarm, struct alarm_mux_port, alarm);
	const struct alarm_mux *mux = port->mux;

	return mux->firing ? mux->checked : mux->alarm->ops->now(mux->alarm);
}

/* A port that was never set costs the others nothing. */
static void port_join(struct alarm_mux_port *port)
{
	struct alarm_mux_port **end = &port->mux->first;

	if (port->joined)
		return;
	while (*end != NULL)
		end = &(*end)->next;
	*end = port;
	port->joined = true;
}

/*
 * The only port that was ever set needs no arithmetic: the alarm below is its own,
 * and its ticks are counted from its own reference.
 */
static void alone_set(struct alarm_mux *mux, uint32_t reference, uint32_t delta)
{
	mux->checked = reference;
	mux->first->remaining = delta;
	mux->first->armed = true;
	mux->ticking = true;
	mux->direct = true;
	mux->alarm->ops->set(mux->alarm, reference, delta);
}

static void alone_fired(struct alarm_mux *mux)
{
	struct alarm_mux_port *port = mux->first;

	mux->direct = false;
	mux->ticking = false;
	port->armed = false;
	if (port->alarm.client != NULL)
		port->alarm.client->ops->fired(port->alarm.client);
}

static void port_set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	struct alarm_mux_port *port = CONTAINER_OF(alarm, struct alarm_mux_port, alarm);
	struct alarm_mux *mux = port->mux;

	if (mux->first == port && port->next == NULL && delta <= QUARTER_TURN && !mux->firing) {
		alone_set(mux, reference, delta);
		return;
	}
	mux->direct = false;
	if (!mux->firing)
		alarm_mux_advance(mux);

	uint32_t waited = mux->checked - reference;

	port_join(port);
	port->remaining = waited < delta ? delta - waited : 0;
	port->armed = true;
	if (!mux->firing)
		alarm_mux_rearm(mux);
}

static void port_disarm(struct alarm *alarm)
{
	struct alarm_mux_port *port = CONTAINER_OF(alarm, struct alarm_mux_port, alarm);

	port->armed = false;
	port->mux->direct = false;
	if (!port->mux->firing)
		alarm_mux_rearm(port->mux);
}

static const struct alarm_ops port_ops = {
	.now = port_now,
	.set = port_set,
	.disarm = port_disarm,
};

/* A client that sets an alarm of no length from its call has its turn after the others. */
static void alarm_mux_fired(struct alarm_client *client)
{
	struct alarm_mux *mux = CONTAINER_OF(client, struct alarm_mux, client);

	if (mux->direct) {
		alone_fired(mux);
		return;
	}
	alarm_mux_advance(mux);
	mux->firing = true;
	for (struct alarm_mux_port *port = mux->first; port != NULL; port = port->next) {
		if (!port->armed || port->remaining != 0)
			continue;
		port->armed = false;
		if (port->alarm.client != NULL)
			port->alarm.client->ops->fired(port->alarm.client);
	}
	mux->firing = false;
	alarm_mux_rearm(mux);
}

static const struct alarm_client_ops mux_client_ops = {
	.fired = alarm_mux_fired,
};

void alarm_mux_init(struct alarm_mux *mux, struct alarm *alarm)
{
	*mux = (struct alarm_mux){.client = {.ops = &mux_client_ops}, .alarm = alarm};
	alarm->client = &mux->client;
}

void alarm_mux_attach(struct alarm_mux *mux, struct alarm_mux_port *port)
{
	*port = (struct alarm_mux_port){
		.alarm = {.ops = &port_ops, .frequency_hz = mux->alarm->frequency_hz},
		.mux = mux,
	};
}
