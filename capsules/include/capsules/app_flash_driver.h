/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x50000: an application's own writeable flash regions. Described in
 * docs/syscalls/50000_app_flash.md.
 */
#ifndef CAPSULES_APP_FLASH_DRIVER_H
#define CAPSULES_APP_FLASH_DRIVER_H

#include "hil/flash.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stdint.h>

/* How a page becomes what it shall be. */
struct app_flash_plan {
	uint32_t start, end; /* bytes of the page to be written: whole words; end 0: none */
	bool erase;          /* before that */
	bool gap;            /* behind `start` is a word that must stay and is not blank */
};

struct app_flash_driver {
	struct driver driver;
	struct flash_client client;
	struct flash *flash; /* offset 0 is the start of the region that applications are in */
	struct process_id served;
	uint8_t state;
	uint8_t *page;        /* the memory for one page; NULL while it is read */
	uint32_t page_number; /* that is being changed */
	struct app_flash_plan plan;
};

/* Becomes the client of `flash`; `page` is memory for one of its pages. */
void app_flash_driver_init(struct app_flash_driver *self, struct flash *flash, uint8_t *page);

#endif
