/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0xD0001: raw flash for applications that bring a log store of their own.
 * Described in docs/syscalls/d0001_flash_geometry.md.
 */
#ifndef CAPSULES_FLASH_GEOMETRY_DRIVER_H
#define CAPSULES_FLASH_GEOMETRY_DRIVER_H

#include "hil/flash.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	FLASH_GEOMETRY_CHUNK = 64, /* bytes read at a time; also the largest word */
	FLASH_GEOMETRY_GRANT = 16, /* bytes of a process's grant */
};

/* A part of the flash that belongs to one application, by its identity. */
struct flash_region {
	uint32_t identity;
	uint32_t first_page, pages;
};

struct flash_geometry_driver {
	struct driver driver;
	struct flash_client client;
	struct flash *flash;
	const struct flash_region *regions;
	uint32_t region_count;
	struct process_id served;
	bool busy;
	uint32_t part;
	uint8_t *slot; /* NULL: the flash has the bytes */
	uint8_t bytes[FLASH_GEOMETRY_CHUNK];
};

struct flash_geometry_config {
	struct flash *flash;
	const struct flash_region *regions; /* the board's; they must not overlap */
	uint32_t region_count;
};

/* The commands that the flash takes time for, by their numbers. */
enum flash_geometry_operation {
	FLASH_GEOMETRY_READ = 2,
	FLASH_GEOMETRY_WRITE = 3,
	FLASH_GEOMETRY_ERASE = 4,
};

/* What driver 0xD0001 returns for such a command; also for drivers with other numbers. */
syscall_result flash_geometry_begin(struct flash_geometry_driver *self, struct process_id process,
				    enum flash_geometry_operation operation, uint32_t offset);

/* Becomes the client of the flash. */
void flash_geometry_driver_init(struct flash_geometry_driver *self,
				const struct flash_geometry_config *config);

#endif
