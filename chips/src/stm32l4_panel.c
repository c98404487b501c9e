/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/stm32l4_panel.h"

#include "lib/compiler.h"

#include <stddef.h>

static const struct stm32l4_leds *from_leds(const struct led_bank *bank)
{
	return CONTAINER_OF_CONST(bank, struct stm32l4_leds, bank);
}

static const struct stm32l4_buttons *from_buttons(const struct button_bank *bank)
{
	return CONTAINER_OF_CONST(bank, struct stm32l4_buttons, bank);
}

static void led_set(struct led_bank *bank, uint32_t index, bool on)
{
	stm32l4_pin_write(from_leds(bank)->pins[index], on);
}

static bool led_get(const struct led_bank *bank, uint32_t index)
{
	return stm32l4_pin_written(from_leds(bank)->pins[index]);
}

static bool button_pressed(const struct button_bank *bank, uint32_t index)
{
	return !stm32l4_pin_read(from_buttons(bank)->pins[index]);
}

static void button_enable(struct button_bank *bank, uint32_t index, bool enabled)
{
	stm32l4_pin_watch(from_buttons(bank)->pins[index], enabled);
}

static const struct led_bank_ops led_ops = {
	.set = led_set,
	.get = led_get,
};

static const struct button_bank_ops button_ops = {
	.pressed = button_pressed,
	.enable = button_enable,
};

void stm32l4_leds_init(struct stm32l4_leds *leds, const struct stm32l4_pin *pins, uint32_t count)
{
	leds->bank = (struct led_bank){.ops = &led_ops, .count = count};
	leds->pins = pins;
	for (uint32_t i = 0; i < count; i++) {
		stm32l4_pin_write(pins[i], false);
		stm32l4_pin_output(pins[i]);
	}
}

void stm32l4_buttons_init(struct stm32l4_buttons *buttons, const struct stm32l4_pin *pins,
			  uint32_t count)
{
	buttons->bank = (struct button_bank){.ops = &button_ops, .count = count};
	buttons->pins = pins;
	for (uint32_t i = 0; i < count; i++)
		stm32l4_pin_input(pins[i]);
}

void stm32l4_buttons_interrupt(struct stm32l4_buttons *buttons)
{
	uint32_t changed = stm32l4_pins_changed();

	for (uint32_t i = 0; i < buttons->bank.count; i++)
		if ((changed >> buttons->pins[i].number & 1) != 0)
			buttons->bank.client->ops->changed(buttons->bank.client, i,
							   button_pressed(&buttons->bank, i));
}
