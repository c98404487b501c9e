# SPDX-License-Identifier: Apache-2.0 OR MIT
BOARD_SOURCES += boards/common/installer.c
CHIPS += app_flash_ram
CAPSULES += flash_mux app_flash_driver app_installer app_loader_driver app_manager_driver
LIBS += app_store app_store_journal app_store_place app_store_step
