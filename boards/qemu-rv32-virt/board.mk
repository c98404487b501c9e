# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := cfi_flash uart_transfer uart16550 clint plic qemu_virt sifive_test virtio_mmio virtqueue virtio_rng
CAPSULES := flash_mux flash_geometry_driver led_driver button_driver low_level_debug rng_driver virtual_panel
include boards/common/serial.mk boards/common/sharing.mk boards/common/installer.mk boards/common/storage_drivers.mk

# QEMU is fast only with protection regions of whole pages.
BOARD_DEFINES := -DRISCV_PMP_GRANULE=4096u
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=4096 -Wl,--defsym=LINKER_STACK_SIZE=2048
# With POLICY=: the helper's binary, and what a process's flash is aligned to.
POLICY_BOARD := rv32imac-pic 4096
