/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0x10001: a process stores and loads a new application. Described in
 * docs/syscalls/10001_app_loader.md.
 */
#ifndef CAPSULES_APP_LOADER_DRIVER_H
#define CAPSULES_APP_LOADER_DRIVER_H

#include "capsules/app_installer.h"
#include "kernel/app_loading.h"
#include "kernel/driver.h"

#include <stdbool.h>
#include <stdint.h>

enum { APP_LOADER_PIECE = 256 }; /* bytes that are taken from the process at a time */

struct app_loader_driver {
	struct driver driver;
	struct app_installer *installer;
	struct app_installer_request request;
	const struct cap_app_loading *loading;
	struct process_id process; /* whose command is under way */
	uint32_t command;          /* 0: none */
	uint32_t offset, length;   /* of a write: all of it */
	uint32_t done;             /* bytes of it that are stored */
	uint32_t handle;           /* of an unload: address of the binary */
	uint8_t piece[APP_LOADER_PIECE];
};

void app_loader_driver_init(struct app_loader_driver *self, struct app_installer *installer,
			    const struct cap_app_loading *loading);

#endif
