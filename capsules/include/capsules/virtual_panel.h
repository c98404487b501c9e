/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lamps and buttons in software, for a board that has none. An operator looks
 * at the lamps and presses the buttons through the process console.
 */
#ifndef CAPSULES_VIRTUAL_PANEL_H
#define CAPSULES_VIRTUAL_PANEL_H

#include "abi/error.h"
#include "hil/button.h"
#include "hil/led.h"
#include "kernel/deferred.h"

#include <stdbool.h>
#include <stdint.h>

enum { VIRTUAL_PANEL_EVENTS = 8 }; /* presses and releases not yet reported */

struct virtual_panel {
	struct led_bank leds;       /* for an led driver */
	struct button_bank buttons; /* for a button driver, which sets buttons.client */
	struct deferred deferred;
	uint32_t lit, pressed, enabled; /* one bit each */
	uint8_t event_count;
	uint8_t events[VIRTUAL_PANEL_EVENTS]; /* oldest first: 2 * index + pressed */
};

/* Both counts at most 32. */
void virtual_panel_init(struct virtual_panel *self, uint32_t led_count, uint32_t button_count);

/*
 * Presses or releases a button; the client hears of it from the main loop.
 * E_INVAL: there is no such button. E_ALREADY: it is so. E_BUSY: too many
 * changes wait to be reported.
 */
enum error virtual_panel_press(struct virtual_panel *self, uint32_t index, bool pressed);

#endif
