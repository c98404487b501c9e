/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * LEDs (driver 0x2), numbered from 0 in the board's order. Every call answers
 * at once. E_NODEVICE: no LED driver; E_INVAL: no LED of this number.
 */
#ifndef DETENT_LED_H
#define DETENT_LED_H

#include <stdbool.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* How many there are; 0 if the board has no LED driver. */
uint32_t led_count(void);

enum error led_on(uint32_t led);
enum error led_off(uint32_t led);
enum error led_toggle(uint32_t led);
MUST_CHECK enum error led_read(uint32_t led, bool *lit);

#endif
