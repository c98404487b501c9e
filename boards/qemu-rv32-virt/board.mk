# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := uart16550 clint plic qemu_virt sifive_test virtio_mmio virtqueue virtio_rng
CAPSULES := alarm_driver uart_mux console_driver log_console led_driver button_driver \
	low_level_debug rng_driver virtual_panel process_console

# QEMU is fast only with protection regions of whole pages.
BOARD_DEFINES := -DRISCV_PMP_GRANULE=4096u
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=4096 -Wl,--defsym=LINKER_STACK_SIZE=2048
