# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := riscv
MACHINE_FLAGS := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
CHIPS := uart_transfer sifive_uart clint plic fe310 fe310_pins
CAPSULES := alarm_driver uart_mux console_driver log_console led_driver low_level_debug process_console
# The board has no buttons: the process console links the panel, and the panel calls the driver.
CAPSULES += virtual_panel button_driver

# Whole pages, with which alone QEMU is fast, would leave one application in 16 KiB.
BOARD_DEFINES := -DRISCV_PMP_GRANULE=32u
LINK_DEFINES := -Wl,--defsym=LINKER_PROTECTION_GRANULE=32 -Wl,--defsym=LINKER_STACK_SIZE=1280
