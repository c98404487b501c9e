# SPDX-License-Identifier: Apache-2.0 OR MIT
# What the boards with an image of Arm's MPS2 have in common: boards/mps2-an386/board.c.
CHIPS := flash_ram uart_transfer cmsdk_uart cmsdk_dualtimer systick_slice
CAPSULES := led_driver button_driver low_level_debug virtual_panel
include boards/common/serial.mk boards/common/sharing.mk boards/common/installer.mk boards/common/storage_drivers.mk
LINK_DEFINES := -Wl,--defsym=LINKER_STACK_SIZE=2048
