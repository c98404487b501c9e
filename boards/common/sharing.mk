# SPDX-License-Identifier: Apache-2.0 OR MIT
BOARD_SOURCES += boards/common/sharing.c
LOANS := 1
CAPSULES += alarm_mux alarm_driver loan_timer loan_driver connection_driver registry_driver relay_driver tock_ipc_driver
