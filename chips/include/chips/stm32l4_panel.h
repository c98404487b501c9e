/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lamps and buttons on pins of an STM32L4. A lamp is lit by a high pin; a button
 * pulls its pin low while it is pressed.
 */
#ifndef CHIPS_STM32L4_PANEL_H
#define CHIPS_STM32L4_PANEL_H

#include "chips/stm32l4.h"
#include "hil/button.h"
#include "hil/led.h"

struct stm32l4_leds {
	struct led_bank bank;
	const struct stm32l4_pin *pins;
};

struct stm32l4_buttons {
	struct button_bank bank;
	const struct stm32l4_pin *pins; /* no two of them with the same number */
};

/* All lamps dark. `pins` are the caller's, for ever. */
void stm32l4_leds_init(struct stm32l4_leds *leds, const struct stm32l4_pin *pins, uint32_t count);

/* The board sets buttons->bank.client. */
void stm32l4_buttons_init(struct stm32l4_buttons *buttons, const struct stm32l4_pin *pins,
			  uint32_t count);

/* The pin interrupt, from the main loop. Calls the client. */
void stm32l4_buttons_interrupt(struct stm32l4_buttons *buttons);

#endif
