/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x3: buttons. Described in docs/syscalls/00003_button.md. */
#ifndef CAPSULES_BUTTON_DRIVER_H
#define CAPSULES_BUTTON_DRIVER_H

#include "hil/button.h"
#include "kernel/driver.h"

struct button_driver {
	struct driver driver;
	struct button_client client;
	struct button_bank *buttons;
};

/* Becomes the client of `buttons`, of which the first 32 can be used. */
void button_driver_init(struct button_driver *self, struct button_bank *buttons);

#endif
