/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/led_driver.h"

#include "lib/compiler.h"

#include <stdbool.h>

enum command_number {
	LED_COUNT = 0,
	LED_ON = 1,
	LED_OFF = 2,
	LED_TOGGLE = 3,
	LED_READ = 4,
};

static syscall_result led_steer(struct led_bank *leds, uint32_t number, uint32_t index)
{
	if (number > LED_READ)
		return syscall_failure(E_NOSUPPORT);
	if (index >= leds->count)
		return syscall_failure(E_INVAL);

	bool on = leds->ops->get(leds, index);

	if (number == LED_READ)
		return syscall_success_u32(on);
	leds->ops->set(leds, index, number == LED_ON || (number == LED_TOGGLE && !on));
	return syscall_success();
}

static syscall_result led_command(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2])
{
	struct led_driver *self = CONTAINER_OF(driver, struct led_driver, driver);

	(void)process;
	if (number == LED_COUNT)
		return syscall_success_u32(self->leds->count);
	return led_steer(self->leds, number, argument[0]);
}

static const struct driver_type led_driver_type = {
	.command = led_command,
};

void led_driver_init(struct led_driver *self, struct led_bank *leds)
{
	*self = (struct led_driver){.driver = {.type = &led_driver_type}, .leds = leds};
	for (uint32_t i = 0; i < leds->count; i++)
		leds->ops->set(leds, i, false);
}
