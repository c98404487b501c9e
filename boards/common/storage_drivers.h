/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A store on one flash, and the drivers by which applications keep something there. */
#ifndef BOARDS_COMMON_STORAGE_DRIVERS_H
#define BOARDS_COMMON_STORAGE_DRIVERS_H

#include "capsules/app_identity_driver.h"
#include "capsules/isolated_storage_driver.h"
#include "capsules/kv_driver.h"
#include "capsules/nonvolatile_storage_driver.h"
#include "capsules/storage.h"
#include "hil/flash.h"

extern struct app_identity_driver app_identity_driver;
extern struct kv_driver kv_driver;
extern struct area_driver isolated_storage_driver, nonvolatile_storage_driver;

/* As storage_init(), and the credentials' table with it (common/credentials.h). */
void storage_drivers_init(struct flash *flash, const struct storage_config *config);

#endif
