/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reports every button, and toggles the LED of the same number when it is pressed. */
#include <stdio.h>

#include "detent/button.h"
#include "detent/led.h"
#include "detent/syscall.h"

static void changed(uint32_t button, bool pressed, void *context)
{
	(void)context;
	printf("buttons: %u %s\n", (unsigned int)button, pressed ? "pressed" : "released");
	if (pressed)
		led_toggle(button);
}

int main(void)
{
	uint32_t count = button_count();
	enum error error = button_subscribe(changed, NULL);

	if (error != E_OK) {
		printf("buttons: %s\n", error_text(error));
		return 1;
	}
	for (uint32_t button = 0; button < count; button++)
		button_enable(button);
	printf("buttons: watching %u\n", (unsigned int)count);
	for (;;)
		yield();
}
