# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv8m
MACHINE_FLAGS := -mcpu=cortex-m33+nodsp -mthumb -mfloat-abi=soft
CHIPS := app_flash_ram flash_ram uart_transfer cmsdk_uart cmsdk_dualtimer systick_slice
CAPSULES := app_flash_driver app_identity_driver app_installer app_loader_driver app_manager_driver flash_mux storage storage_area area_driver kv_driver isolated_storage_driver \
	nonvolatile_storage_driver alarm_driver alarm_mux loan_driver loan_timer uart_mux console_driver log_console led_driver button_driver \
	low_level_debug virtual_panel process_console
LOANS := 1
CAPSULES += connection_driver registry_driver relay_driver tock_ipc_driver
BOARD_DEFINES := -DARM_IRQ_COUNT=96 -DMPS2_AN505
LINK_DEFINES := -Wl,--defsym=LINKER_STACK_SIZE=2048
LIBS := app_store app_store_journal app_store_place app_store_step kv kv_layout kv_pages kv_flash kv_find kv_append kv_mount kv_collect kv_commit
