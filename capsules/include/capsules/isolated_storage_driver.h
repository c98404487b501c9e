/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x50004: a region of bytes for each application, kept by its identity.
 * Described in docs/syscalls/50004_isolated_storage.md.
 */
#ifndef CAPSULES_ISOLATED_STORAGE_DRIVER_H
#define CAPSULES_ISOLATED_STORAGE_DRIVER_H

#include "capsules/area_driver.h"

/* `size`: bytes of every application's region, a multiple of STORAGE_AREA_BLOCK. */
void isolated_storage_driver_init(struct area_driver *self, struct storage *storage, uint32_t size);

#endif
