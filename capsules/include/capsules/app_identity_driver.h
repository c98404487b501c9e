/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* docs/syscalls/d0005_app_identity.md */
#ifndef CAPSULES_APP_IDENTITY_DRIVER_H
#define CAPSULES_APP_IDENTITY_DRIVER_H

#include "kernel/driver.h"

struct app_identity_driver {
	struct driver driver;
};

void app_identity_driver_init(struct app_identity_driver *self);

#endif
