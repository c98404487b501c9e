/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The board as it is, but that a process which faults begins anew: for tests/qemu/loans.py. */
#include "trusted/board.h"

#define FAULT_STOP FAULT_RESTART
#include BOARD_SOURCE
