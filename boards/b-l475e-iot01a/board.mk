# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv7m
MACHINE_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
CHIPS := stm32l4 stm32l4_panel uart_transfer stm32_usart systick_alarm
CAPSULES := alarm_driver uart_mux console_driver log_console led_driver button_driver \
	low_level_debug virtual_panel process_console
BOARD_DEFINES := -DARM_IRQ_COUNT=82
LINK_DEFINES := -Wl,--defsym=LINKER_STACK_SIZE=2048
