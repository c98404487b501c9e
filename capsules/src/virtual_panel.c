/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/virtual_panel.h"

#include "lib/compiler.h"

static uint32_t bit_set(uint32_t bits, uint32_t index, bool on)
{
	uint32_t bit = UINT32_C(1) << index;

	return on ? bits | bit : bits & ~bit;
}

static bool bit_get(uint32_t bits, uint32_t index)
{
	return (bits >> index & 1) != 0;
}

static void panel_led_set(struct led_bank *bank, uint32_t index, bool on)
{
	struct virtual_panel *self = CONTAINER_OF(bank, struct virtual_panel, leds);

	self->lit = bit_set(self->lit, index, on);
}

static bool panel_led_get(const struct led_bank *bank, uint32_t index)
{
	const struct virtual_panel *self = CONTAINER_OF_CONST(bank, struct virtual_panel, leds);

	return bit_get(self->lit, index);
}

static const struct led_bank_ops led_ops = {
	.set = panel_led_set,
	.get = panel_led_get,
};

static bool panel_button_pressed(const struct button_bank *bank, uint32_t index)
{
	const struct virtual_panel *self = CONTAINER_OF_CONST(bank, struct virtual_panel, buttons);

	return bit_get(self->pressed, index);
}

static void panel_button_enable(struct button_bank *bank, uint32_t index, bool enabled)
{
	struct virtual_panel *self = CONTAINER_OF(bank, struct virtual_panel, buttons);

	self->enabled = bit_set(self->enabled, index, enabled);
}

static const struct button_bank_ops button_ops = {
	.pressed = panel_button_pressed,
	.enable = panel_button_enable,
};

static uint8_t panel_take_event(struct virtual_panel *self)
{
	uint8_t event = self->events[0];

	self->event_count--;
	for (uint8_t i = 0; i < self->event_count; i++)
		self->events[i] = self->events[i + 1];
	return event;
}

static void panel_deferred(struct deferred *deferred)
{
	struct virtual_panel *self = CONTAINER_OF(deferred, struct virtual_panel, deferred);
	struct button_client *client = self->buttons.client;

	while (self->event_count > 0) {
		uint8_t event = panel_take_event(self);
		uint32_t index = event / 2u;

		if (client != NULL && bit_get(self->enabled, index))
			client->ops->changed(client, index, event % 2u != 0);
	}
}

static const struct deferred_ops deferred_call_ops = {
	.called = panel_deferred,
};

void virtual_panel_init(struct virtual_panel *self, uint32_t led_count, uint32_t button_count)
{
	*self = (struct virtual_panel){
		.leds = {.ops = &led_ops, .count = led_count},
		.buttons = {.ops = &button_ops, .count = button_count},
		.deferred = {.ops = &deferred_call_ops},
	};
}

enum error virtual_panel_press(struct virtual_panel *self, uint32_t index, bool pressed)
{
	if (index >= self->buttons.count)
		return E_INVAL;
	if (bit_get(self->pressed, index) == pressed)
		return E_ALREADY;
	if (self->event_count == sizeof(self->events))
		return E_BUSY;
	self->pressed = bit_set(self->pressed, index, pressed);
	self->events[self->event_count++] = (uint8_t)(2 * index + pressed);
	deferred_set(&self->deferred);
	return E_OK;
}
