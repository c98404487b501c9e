/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Counts in binary on the LEDs, twice a second. */
#include "detent/led.h"
#include "detent/timer.h"

static void show(uint32_t number, uint32_t leds)
{
	for (uint32_t led = 0; led < leds; led++) {
		if (number >> led & 1)
			led_on(led);
		else
			led_off(led);
	}
}

int main(void)
{
	uint32_t leds = led_count();

	if (leds == 0)
		return 1;
	if (leds > 32)
		leds = 32;
	for (uint32_t number = 0;; number++) {
		show(number, leds);
		if (sleep_ms(500) != E_OK)
			return 1;
	}
}
