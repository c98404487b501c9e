/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A row of lamps, each on or off. */
#ifndef HIL_LED_H
#define HIL_LED_H

#include <stdbool.h>
#include <stdint.h>

struct led_bank;

struct led_bank_ops {
	/* Both need index < count. */
	void (*set)(struct led_bank *bank, uint32_t index, bool on);
	bool (*get)(const struct led_bank *bank, uint32_t index);
};

struct led_bank {
	const struct led_bank_ops *ops;
	uint32_t count;
};

#endif
