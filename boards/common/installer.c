/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "common/installer.h"

#include "capsules/app_installer_state.h"
#include "capsules/flash_mux.h"
#include "chips/app_flash_ram.h"
#include "common/credentials.h"
#include "trusted/capability.h"

static struct app_flash_ram app_flash;
static struct flash_mux app_flash_mux;
static struct flash_part app_flash_part, install_part;
static uint8_t app_flash_page[APP_FLASH_RAM_PAGE], install_page[APP_FLASH_RAM_PAGE];
static struct app_installer app_installer;

struct app_flash_driver app_flash_driver;
struct app_loader_driver app_loader_driver;
struct app_manager_driver app_manager_driver;

static const struct cap_process_admin process_admin;
static const struct cap_app_loading app_loading;
static const struct cap_app_check app_checking;

const struct process_policy installer_policies[INSTALLERS] = {
	{.name = "loader",
	 .role = CREDENTIALS_INSTALLER_ROLE,
	 .installs = true,
	 .storage = CREDENTIALS_STORAGE,
	 .fault = FAULT_STOP,
	 .timeslice_us = 10000},
	{.name = "app_loader",
	 .role = CREDENTIALS_INSTALLER_ROLE,
	 .installs = true,
	 .storage = CREDENTIALS_STORAGE,
	 .fault = FAULT_STOP,
	 .timeslice_us = 10000},
};

void installer_init(const struct installer_places *places)
{
	static const struct app_manager_rights rights = {&app_loading, &process_admin};
	const struct app_installer_config config = {
		.flash = &install_part.flash,
		.page = install_page,
		.granule = places->granule,
		.power_of_two = places->power_of_two,
		.loading = &app_loading,
		.checking = &app_checking,
		.admin = &process_admin,
	};

	app_flash_ram_init(&app_flash);
	flash_mux_init(&app_flash_mux, &app_flash.flash);
	(void)flash_mux_attach(&app_flash_mux, &app_flash_part, 0, app_flash.flash.geometry.pages);
	(void)flash_mux_attach(&app_flash_mux, &install_part, 0, app_flash.flash.geometry.pages);
	app_flash_driver_init(&app_flash_driver, &app_flash_part.flash, app_flash_page);
	app_installer_init(&app_installer, &config);
	app_loader_driver_init(&app_loader_driver, &app_installer, &app_loading);
	app_manager_driver_init(&app_manager_driver, &app_installer, &rights);
}
