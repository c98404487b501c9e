# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv7m
MACHINE_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
CHIPS := stm32l4 stm32l4_panel uart_transfer stm32_usart systick_alarm
CAPSULES := alarm_driver led_driver button_driver low_level_debug
include boards/common/serial.mk
BOARD_DEFINES := -DARM_IRQ_COUNT=82
LINK_DEFINES := -Wl,--defsym=LINKER_STACK_SIZE=2048
