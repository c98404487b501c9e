/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the two drivers for byte areas have in common: transfers of any length
 * between a shared buffer and the process's own area, in pieces that are atomic
 * each, one piece a process in turn. Not a driver by itself.
 */
#ifndef CAPSULES_AREA_DRIVER_H
#define CAPSULES_AREA_DRIVER_H

#include "capsules/storage_area.h"
#include "kernel/driver.h"
#include "kernel/grant.h"

enum area_command {
	AREA_NONE,
	AREA_READ,  /* into read-write buffer 0 */
	AREA_WRITE, /* from read-only buffer 0 */
};

struct area_grant {
	uint8_t command; /* enum area_command */
	uint32_t offset, length, done;
};

struct area_driver {
	struct driver driver; /* its type declares struct area_grant */
	struct storage_area_client client;
	struct storage_area area;
	const struct area_driver_ops *ops;
	struct process_id served;
	bool busy;
	uint32_t part;
	uint8_t bytes[STORAGE_AREA_TRANSFER];
};

struct area_driver_ops {
	/* A transfer ended: `length` bytes of it were done. Schedules the upcall. */
	void (*ended)(struct grant_entry *entry, enum area_command command, enum error status,
		      uint32_t length);
};

struct area_driver_config {
	struct storage *storage;
	const struct driver_type *type;
	const struct area_driver_ops *ops;
	uint8_t space;
	uint32_t size;
};

void area_driver_init(struct area_driver *self, const struct area_driver_config *config);

/*
 * Begins a transfer; ended() follows. E_BUSY: the process has one under way.
 * E_NOMEM: no memory for its grant.
 */
enum error area_driver_begin(struct area_driver *self, struct process_id process,
			     const struct area_grant *wanted);

#endif
