/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the kernel asks of a chip and of a board; chosen at link time.
 */
#ifndef TRUSTED_CHIP_H
#define TRUSTED_CHIP_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Calls the handlers of all pending interrupts. From the main loop only. */
void chip_service_interrupts(void);

/* True where chip_service_interrupts() would find something. */
bool chip_interrupt_pending(void);

/*
 * The timeslice timer. It interrupts the running process once; expired() is
 * true from then on until the next start or stop.
 */
void chip_timeslice_start(uint32_t microseconds);
void chip_timeslice_stop(void);
bool chip_timeslice_expired(void);

/* Handles interrupt `number` of the chip's controller. */
void board_interrupt(uint32_t number);

/* Sends bytes without interrupts, waiting for the port: for fatal reports only. */
void board_emergency_write(const char *text, size_t length);

/* Restarts the chip, or ends the emulator run with `status` (0: good). */
NORETURN void board_reset(void);
NORETURN void board_end(uint32_t status);

#endif
