/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x50001: nonvolatile bytes, the older interface. Described in
 * docs/syscalls/50001_nonvolatile_storage.md.
 */
#ifndef CAPSULES_NONVOLATILE_STORAGE_DRIVER_H
#define CAPSULES_NONVOLATILE_STORAGE_DRIVER_H

#include "capsules/area_driver.h"

/* `size`: bytes of every application's area, a multiple of STORAGE_AREA_BLOCK. */
void nonvolatile_storage_driver_init(struct area_driver *self, struct storage *storage,
				     uint32_t size);

#endif
