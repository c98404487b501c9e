/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An entry has the number of the loan's slot, so there is always one, and one of
 * a loan that is over is taken over by the next. Instants count from `checked`, so
 * that a wrap of the counter, or a late interrupt, changes nothing.
 */
#include "capsules/loan_timer.h"

#include "kernel/assert.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	QUARTER_TURN = 0x40000000, /* ticks */
	WARN_PART = 4,
};

/* Where nothing has changed since `elapsed` ticks ago but the time. */
static void pass(struct loan_timer *self, struct loan_timer_entry *entry, uint32_t elapsed)
{
	struct loan_id id = entry->id;
	struct loan_info info;

	entry->left = entry->left > elapsed ? entry->left - elapsed : 0;
	if (!loan_inspect(self->cap, id, &info)) {
		entry->id.raw = 0;
	} else if (entry->left == 0) {
		entry->id.raw = 0;
		(void)loan_expire(self->cap, id);
	} else if (entry->left <= entry->warn) {
		entry->warn = 0;
		if (entry->client != NULL)
			entry->client->ops->near(entry->client, id, entry->left);
	}
}

/* Ticks until something is to be done for an entry. */
static uint32_t due(const struct loan_timer_entry *entry)
{
	return entry->left - entry->warn;
}

static void arm(struct loan_timer *self)
{
	uint32_t next = QUARTER_TURN;
	bool any = false;

	for (uint32_t i = 0; i < self->count; i++) {
		if (self->entries[i].id.raw == 0)
			continue;
		any = true;
		if (due(&self->entries[i]) < next)
			next = due(&self->entries[i]);
	}
	if (any)
		self->alarm->ops->set(self->alarm, self->checked, next);
	else
		self->alarm->ops->disarm(self->alarm);
}

static void catch_up(struct loan_timer *self)
{
	uint32_t now = self->alarm->ops->now(self->alarm);
	uint32_t elapsed = now - self->checked;

	self->checked = now;
	for (uint32_t i = 0; i < self->count; i++)
		if (self->entries[i].id.raw != 0)
			pass(self, &self->entries[i], elapsed);
}

static void loan_timer_fired(struct alarm_client *client)
{
	struct loan_timer *self = CONTAINER_OF(client, struct loan_timer, alarm_client);

	catch_up(self);
	arm(self);
}

static const struct alarm_client_ops alarm_client_ops = {
	.fired = loan_timer_fired,
};

void loan_timer_init(struct loan_timer *self, const struct loan_timer_config *config)
{
	ASSERT(config->count == loan_slots(config->cap));
	*self = (struct loan_timer){
		.alarm_client = {.ops = &alarm_client_ops},
		.alarm = config->alarm,
		.cap = config->cap,
		.entries = config->entries,
		.count = config->count,
	};
	for (uint32_t i = 0; i < config->count; i++)
		config->entries[i] = (struct loan_timer_entry){.id = {0}};
	config->alarm->client = &self->alarm_client;
}

/* What is in the other entries is only shifted: an end that is due now comes by interrupt. */
void loan_timer_set(struct loan_timer *self, struct loan_id id, uint32_t ticks,
		    struct loan_timer_client *client)
{
	uint32_t slot = loan_id_slot(id);
	uint32_t now = self->alarm->ops->now(self->alarm);
	uint32_t elapsed = now - self->checked;

	ASSERT(slot < self->count);
	for (uint32_t i = 0; i < self->count; i++) {
		struct loan_timer_entry *entry = &self->entries[i];

		entry->left = entry->left > elapsed ? entry->left - elapsed : 0;
		if (entry->warn > entry->left)
			entry->warn = entry->left;
	}
	self->checked = now;
	self->entries[slot] = (struct loan_timer_entry){
		.id = {ticks != 0 ? id.raw : 0},
		.left = ticks,
		.warn = client != NULL ? ticks / WARN_PART : 0,
		.client = client,
	};
	arm(self);
}
