/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The instance of the installer, for boards. Drivers see capsules/app_installer.h:
 * the rights in here are not theirs.
 */
#ifndef CAPSULES_APP_INSTALLER_STATE_H
#define CAPSULES_APP_INSTALLER_STATE_H

#include "capsules/app_installer.h"
#include "hil/flash.h"
#include "kernel/app_check.h"
#include "kernel/app_loading.h"
#include "kernel/deferred.h"
#include "kernel/process_id.h"
#include "lib/app_store.h"

#include <stdbool.h>
#include <stdint.h>

struct app_installer {
	struct flash_client client;
	struct deferred deferred;
	struct app_medium medium;
	struct app_check check;
	struct flash *flash;
	const struct cap_app_loading *loading;
	const struct cap_app_check *checking;
	const struct cap_process_admin *admin;
	struct app_store store;
	struct app_installer_request *request; /* under way; NULL: none */
	struct app_installer_request recovery;
	struct process_id owner; /* of the session */
	uint32_t finished_at; /* offset of the binary that was finalized last, or APP_STORE_ANY */
	uint8_t phase;
	enum error status;
	const char *reason; /* of the last refusal; NULL: none */
};

struct app_installer_config {
	struct flash *flash; /* offset 0 is the start of the region that applications are in */
	uint8_t *page;       /* memory for one of its pages */
	uint32_t granule;    /* applications begin at multiples; a power of two */
	bool power_of_two;   /* and at multiples of their own size, rounded up to one */
	const struct cap_app_loading *loading;
	const struct cap_app_check *checking;
	const struct cap_process_admin *admin;
};

/*
 * Becomes the client of the flash. Where power interrupted a change, the region is
 * repaired from the main loop and the applications are loaded only after that.
 */
void app_installer_init(struct app_installer *self, const struct app_installer_config *config);

#endif
