# SPDX-License-Identifier: Apache-2.0 OR MIT
BOARD_SOURCES += boards/common/serial.c
CAPSULES += uart_mux console_driver log_console process_console
# The process console links the panel, and the panel calls the driver, also where a board has none.
CAPSULES += virtual_panel button_driver
