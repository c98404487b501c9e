# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := uart_transfer sifive_uart clint plic fe310 fe310_pins
CAPSULES := alarm_driver led_driver low_level_debug
include boards/common/serial.mk

# Whole pages, with which alone QEMU is fast, would leave one application in 16 KiB.
BOARD_DEFINES := -DRISCV_PMP_GRANULE=32u -DRISCV_PMP_ENTRIES=8
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=32 -Wl,--defsym=LINKER_STACK_SIZE=1280
