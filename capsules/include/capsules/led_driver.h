/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x2: lamps. Described in docs/syscalls/00002_led.md. */
#ifndef CAPSULES_LED_DRIVER_H
#define CAPSULES_LED_DRIVER_H

#include "hil/led.h"
#include "kernel/driver.h"

struct led_driver {
	struct driver driver;
	struct led_bank *leds;
};

/* Switches all lamps off. */
void led_driver_init(struct led_driver *self, struct led_bank *leds);

#endif
