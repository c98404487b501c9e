/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Instants are counted from `checked`, the last look at all processes: an alarm
 * has expired when the counter moved on from there by as much as it had left
 * there. This holds across wraps and for alarms of up to 2^32 - 1 ticks however
 * late the interrupt is, as the alarm below is never set more than a quarter of
 * a turn ahead.
 */
#include "capsules/alarm_driver.h"

#include "kernel/grant.h"
#include "lib/compiler.h"

#include <stddef.h>

enum command_number {
	ALARM_EXISTS = 0,
	ALARM_FREQUENCY = 1,
	ALARM_NOW = 2,
	ALARM_STOP = 3,
	ALARM_SET_RELATIVE = 5,
	ALARM_SET_ABSOLUTE = 6,
};

enum { UPCALL_EXPIRED = 0 };
enum { QUARTER_TURN = 0x40000000 }; /* ticks */

struct alarm_grant {
	uint32_t expiry;
	bool armed;
};

static void alarm_arm_below(struct alarm_driver *self, uint32_t ticks)
{
	self->next = ticks;
	self->ticking = true;
	self->alarm->ops->set(self->alarm, self->checked,
			      ticks < QUARTER_TURN ? ticks : QUARTER_TURN);
}

/* Tells the process if its alarm has expired; else returns the ticks left after `now`. */
static uint32_t alarm_check(const struct alarm_driver *self, struct grant_entry *entry,
			    uint32_t now)
{
	struct alarm_grant *state = GRANT_STATE(entry, struct alarm_grant);
	uint32_t elapsed = now - self->checked;
	uint32_t left = state->expiry - self->checked;

	if (!state->armed)
		return 0;
	if (left > elapsed)
		return left - elapsed;
	state->armed = false;
	upcall_schedule(entry, UPCALL_EXPIRED, now, state->expiry, 0);
	return 0;
}

/* Looks at all processes; no grant may be entered. */
static void alarm_check_all(struct alarm_driver *self, uint32_t now)
{
	uint32_t earliest = UINT32_MAX;
	bool any = false;
	struct process_id at = process_id_none();
	struct grant_entry *entry;

	while ((entry = grant_enter_after(&self->driver, &at)) != NULL) {
		uint32_t left = alarm_check(self, entry, now);

		grant_leave(entry);
		if (left == 0)
			continue;
		any = true;
		if (left < earliest)
			earliest = left;
	}
	self->checked = now;
	self->ticking = false;
	if (any)
		alarm_arm_below(self, earliest);
}

static syscall_result alarm_set(struct alarm_driver *self, struct process_id process,
				uint32_t reference, uint32_t delta)
{
	uint32_t now = self->alarm->ops->now(self->alarm);
	uint32_t waited = now - reference;
	uint32_t left = waited < delta ? delta - waited : 0;

	if (!self->ticking)
		self->checked = now;
	else if (left > UINT32_MAX - (now - self->checked))
		alarm_check_all(self, now); /* too far ahead of `checked` */

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct alarm_grant *state = GRANT_STATE(entry, struct alarm_grant);
	uint32_t distance = now - self->checked + left;

	state->expiry = reference + delta;
	state->armed = left != 0;
	if (left == 0)
		upcall_schedule(entry, UPCALL_EXPIRED, now, state->expiry, 0);
	else if (!self->ticking || distance < self->next)
		alarm_arm_below(self, distance);
	return syscall_success_u32(state->expiry);
}

/* The alarm below may fire once too often for it, which does no harm. */
static syscall_result alarm_stop(struct alarm_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_ALREADY);

	struct alarm_grant *state = GRANT_STATE(entry, struct alarm_grant);

	if (!state->armed)
		return syscall_failure(E_ALREADY);
	state->armed = false;
	return syscall_success();
}

static NOINLINE syscall_result alarm_use(struct alarm_driver *self, struct process_id process,
					 uint32_t number, uint32_t argument[2])
{
	switch (number) {
	case ALARM_FREQUENCY:
		return syscall_success_u32(self->alarm->frequency_hz);
	case ALARM_NOW:
		return syscall_success_u32(self->alarm->ops->now(self->alarm));
	case ALARM_STOP:
		return alarm_stop(self, process);
	case ALARM_SET_RELATIVE:
		return alarm_set(self, process, self->alarm->ops->now(self->alarm), argument[0]);
	case ALARM_SET_ABSOLUTE:
		return alarm_set(self, process, argument[0], argument[1]);
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static syscall_result alarm_command(struct driver *driver, struct process_id process,
				    uint32_t number, uint32_t argument[2])
{
	if (number == ALARM_EXISTS)
		return syscall_success();
	return alarm_use(CONTAINER_OF(driver, struct alarm_driver, driver), process, number,
			 argument);
}

static const struct driver_type alarm_driver_type = {
	.command = alarm_command,
	/* One more upcall, for a process that sets its alarm anew before it yields. */
	.grant = {.size = sizeof(struct alarm_grant), .upcalls = 1, .queue = 1},
};

static void alarm_driver_fired(struct alarm_client *client)
{
	struct alarm_driver *self = CONTAINER_OF(client, struct alarm_driver, client);

	alarm_check_all(self, self->alarm->ops->now(self->alarm));
}

static const struct alarm_client_ops client_ops = {
	.fired = alarm_driver_fired,
};

void alarm_driver_init(struct alarm_driver *self, struct alarm *alarm)
{
	*self = (struct alarm_driver){
		.driver = {.type = &alarm_driver_type},
		.client = {.ops = &client_ops},
		.alarm = alarm,
	};
	alarm->client = &self->client;
}
