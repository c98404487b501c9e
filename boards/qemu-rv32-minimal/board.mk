# SPDX-License-Identifier: Apache-2.0 OR MIT
# qemu-rv32-virt with console, alarm, RNG and low-level debug only: what the
# kernel itself costs. `make bench` measures this one.
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := uart_transfer uart16550 clint plic qemu_virt sifive_test virtio_mmio virtqueue virtio_rng
CAPSULES := alarm_driver uart_mux console_driver log_console low_level_debug rng_driver
BOARD_DEFINES := -DRISCV_PMP_GRANULE=4096u
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=4096 -Wl,--defsym=LINKER_STACK_SIZE=2048
