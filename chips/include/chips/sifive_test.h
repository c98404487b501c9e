/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The test finisher: ends or restarts the emulator. Source: QEMU,
 * include/hw/misc/sifive_test.h, and the device tree binding "sifive,test0".
 */
#ifndef CHIPS_SIFIVE_TEST_H
#define CHIPS_SIFIVE_TEST_H

#include "lib/compiler.h"

#include <stdint.h>

/*
 * QEMU's own exit code becomes `status` (its low 8 bits, as every exit code;
 * a status that has none of them set, and is not 0, becomes 255).
 */
NORETURN void sifive_test_end(uintptr_t base, uint32_t status);

/* As a press of the reset button. */
NORETURN void sifive_test_reset(uintptr_t base);

#endif
