/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A row of buttons. */
#ifndef HIL_BUTTON_H
#define HIL_BUTTON_H

#include <stdbool.h>
#include <stdint.h>

struct button_bank;

struct button_client {
	const struct button_client_ops *ops;
};

struct button_client_ops {
	/* Button `index` was pressed or released; called for enabled buttons only. */
	void (*changed)(struct button_client *client, uint32_t index, bool pressed);
};

struct button_bank_ops {
	/* All need index < count. */
	bool (*pressed)(const struct button_bank *bank, uint32_t index);
	void (*enable)(struct button_bank *bank, uint32_t index, bool enabled);
};

struct button_bank {
	const struct button_bank_ops *ops;
	struct button_client *client;
	uint32_t count;
};

#endif
