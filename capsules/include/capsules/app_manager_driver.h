/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver 0xD0003: what Tock's app loader has not: a given place, update in place,
 * uninstalling, a list, and the reason of a refusal. Described in
 * docs/syscalls/d0003_app_manager.md.
 */
#ifndef CAPSULES_APP_MANAGER_DRIVER_H
#define CAPSULES_APP_MANAGER_DRIVER_H

#include "capsules/app_installer.h"
#include "kernel/app_loading.h"
#include "kernel/driver.h"

#include <stdint.h>

enum {
	APP_MANAGER_NAME = 64,                    /* bytes of a name that are told */
	APP_MANAGER_ENTRY = 32 + APP_MANAGER_NAME /* bytes of an entry of the list */
};

struct app_manager_driver {
	struct driver driver;
	struct app_installer *installer;
	struct app_installer_request request;
	const struct cap_app_loading *loading;
	const struct cap_process_admin *admin;
	struct process_id process; /* whose command is under way; nobody: none */
	uint8_t entry[APP_MANAGER_ENTRY];
};

/* The rights that it needs. */
struct app_manager_rights {
	const struct cap_app_loading *loading;
	const struct cap_process_admin *admin;
};

void app_manager_driver_init(struct app_manager_driver *self, struct app_installer *installer,
			     const struct app_manager_rights *rights);

#endif
