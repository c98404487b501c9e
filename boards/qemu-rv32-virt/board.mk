# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := app_flash_ram cfi_flash uart_transfer uart16550 clint plic qemu_virt sifive_test virtio_mmio virtqueue virtio_rng
CAPSULES := app_flash_driver app_identity_driver app_installer app_loader_driver app_manager_driver flash_geometry_driver flash_mux storage storage_area area_driver kv_driver isolated_storage_driver \
	nonvolatile_storage_driver alarm_driver alarm_mux loan_driver loan_timer uart_mux console_driver log_console led_driver button_driver \
	low_level_debug rng_driver virtual_panel process_console

# QEMU is fast only with protection regions of whole pages.
LOANS := 1
CAPSULES += connection_driver registry_driver relay_driver tock_ipc_driver
BOARD_DEFINES := -DRISCV_PMP_GRANULE=4096u
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=4096 -Wl,--defsym=LINKER_STACK_SIZE=2048
LIBS := app_store app_store_journal app_store_place app_store_step kv kv_layout kv_pages kv_flash kv_find kv_append kv_mount kv_collect kv_commit
# With POLICY=: the helper's binary, and what a process's flash is aligned to.
POLICY_BOARD := rv32imac-pic 4096
