/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Ways out, for board_reset() and board_end().
 */
#ifndef ARM_RESET_H
#define ARM_RESET_H

#include "lib/compiler.h"

#include <stdint.h>

/* Resets the whole chip. */
NORETURN void arm_system_reset(void);

/*
 * Looks whether something answers Arm semihosting calls: QEMU with
 * -semihosting-config enable=on, or a debugger. Once, from board_main(), after
 * arch_init(): without an answer the call is a fault, which is caught only there.
 */
void semihosting_probe(void);

/*
 * Ends the emulator with `status` where semihosting answered; else stops for
 * ever with interrupts off, so that a watchdog or a person can act.
 */
NORETURN void semihosting_exit(uint32_t status);

#endif
