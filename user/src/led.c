/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/led.h"

#include "detent/syscall.h"

/* Tock's LEDs, doc/syscalls/00002_leds.md. */
enum {
	COMMAND_COUNT = 0,
	COMMAND_ON = 1,
	COMMAND_OFF = 2,
	COMMAND_TOGGLE = 3,
	COMMAND_READ = 4,
};

uint32_t led_count(void)
{
	uint32_t count = 0;

	return command_value(DRIVER_LED, COMMAND_COUNT, 0, &count) == E_OK ? count : 0;
}

enum error led_on(uint32_t led)
{
	return command_done(DRIVER_LED, COMMAND_ON, led, 0);
}

enum error led_off(uint32_t led)
{
	return command_done(DRIVER_LED, COMMAND_OFF, led, 0);
}

enum error led_toggle(uint32_t led)
{
	return command_done(DRIVER_LED, COMMAND_TOGGLE, led, 0);
}

enum error led_read(uint32_t led, bool *lit)
{
	uint32_t value = 0;
	enum error error = command_value(DRIVER_LED, COMMAND_READ, led, &value);

	if (error == E_OK)
		*lit = value != 0;
	return error;
}
