/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The region that applications are in as a flash, where it is RAM: on emulated
 * machines. What is written lasts until the power goes.
 */
#ifndef CHIPS_APP_FLASH_RAM_H
#define CHIPS_APP_FLASH_RAM_H

#include "hil/flash.h"
#include "kernel/deferred.h"

#include <stdint.h>

enum { APP_FLASH_RAM_PAGE = 512 }; /* bytes */

struct app_flash_ram {
	struct flash flash; /* all of the region; offsets count from its start */
	struct deferred deferred;
	uint8_t *buffer;
	uint8_t state;
	enum error status;
};

void app_flash_ram_init(struct app_flash_ram *self);

#endif
