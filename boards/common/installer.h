/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installing applications while others run (docs/reference/run-time-loading.md): the
 * region that applications are in, as a flash for the installer and for applications
 * that write their own, and the drivers of both.
 */
#ifndef BOARDS_COMMON_INSTALLER_H
#define BOARDS_COMMON_INSTALLER_H

#include "capsules/app_flash_driver.h"
#include "capsules/app_loader_driver.h"
#include "capsules/app_manager_driver.h"
#include "trusted/board.h"

#include <stdbool.h>
#include <stdint.h>

extern struct app_flash_driver app_flash_driver;
extern struct app_loader_driver app_loader_driver;
extern struct app_manager_driver app_manager_driver;

/* Who may install applications; for all else they are as any other. For the board's description. */
enum { INSTALLERS = 2 };
extern const struct process_policy installer_policies[INSTALLERS];

/* Where applications may begin: app_installer_state.h. */
struct installer_places {
	uint32_t granule;
	bool power_of_two;
};

/* Before kernel_start(). */
void installer_init(const struct installer_places *places);

#endif
