/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/fe310.h"

#include "chips/mmio.h"
#include "lib/compiler.h"

#include <stddef.h>

/* One bit a pin. */
struct gpio_registers {
	struct ro32 input;
	struct rw32 input_enable;
	struct rw32 output_enable;
	struct rw32 output;
	uint32_t reserved_10[(0x38 - 0x10) / 4];
	struct rw32 device_enable;
	struct rw32 device_select;
};

REGISTER_AT(struct gpio_registers, output_enable, 0x08);
REGISTER_AT(struct gpio_registers, output, 0x0c);
REGISTER_AT(struct gpio_registers, device_enable, 0x38);
REGISTER_AT(struct gpio_registers, device_select, 0x3c);

#define GPIO ((struct gpio_registers *)0x10012000u)

void fe310_pins_to_device(uint32_t mask)
{
	GPIO->device_select.rw &= ~mask;
	GPIO->device_enable.rw |= mask;
}

static uint32_t bit_of(const struct led_bank *bank, uint32_t index)
{
	const struct fe310_leds *leds = CONTAINER_OF_CONST(bank, struct fe310_leds, bank);

	return 1u << leds->pins[index];
}

static void led_set(struct led_bank *bank, uint32_t index, bool on)
{
	if (on)
		GPIO->output.rw &= ~bit_of(bank, index);
	else
		GPIO->output.rw |= bit_of(bank, index);
}

static bool led_get(const struct led_bank *bank, uint32_t index)
{
	return (GPIO->output.rw & bit_of(bank, index)) == 0;
}

static const struct led_bank_ops led_ops = {
	.set = led_set,
	.get = led_get,
};

void fe310_leds_init(struct fe310_leds *leds, const uint8_t *pins, uint32_t count)
{
	leds->bank = (struct led_bank){.ops = &led_ops, .count = count};
	leds->pins = pins;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t bit = bit_of(&leds->bank, i);

		led_set(&leds->bank, i, false);
		GPIO->device_enable.rw &= ~bit;
		GPIO->output_enable.rw |= bit;
	}
}
