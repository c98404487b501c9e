/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_BOARD_STORAGE_H
#define HOST_BOARD_STORAGE_H

#include "capsules/app_flash_driver.h"
#include "capsules/flash_geometry_driver.h"
#include "capsules/isolated_storage_driver.h"
#include "capsules/kv_driver.h"
#include "capsules/nonvolatile_storage_driver.h"
#include "capsules/opensk_compat.h"

extern struct kv_driver host_kv_driver;
extern struct area_driver host_isolated_driver, host_nonvolatile_driver;
extern struct flash_geometry_driver host_geometry_driver;
extern struct app_flash_driver host_app_flash_driver;
extern struct opensk_compat host_opensk;

/* All flash is erased at first. */
void host_storage_init(void);

#endif
