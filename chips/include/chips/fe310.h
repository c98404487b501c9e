/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * SiFive's FE310-G002: addresses, interrupt numbers, clock, pins, and the parts
 * that every board with it has. Implements trusted/chip.h but for the board_
 * functions. Source: SiFive FE310-G002 manual, chapters 4 (map), 6 (clock),
 * 10 (interrupt sources), 13 (always-on block) and 17 (pins).
 */
#ifndef CHIPS_FE310_H
#define CHIPS_FE310_H

#include "chips/clint.h"
#include "chips/plic.h"
#include "hil/led.h"

#include <stdbool.h>

#define FE310_CLINT_BASE 0x02000000u
#define FE310_PLIC_BASE 0x0c000000u
#define FE310_UART0_BASE 0x10013000u

#define FE310_UART0_IRQ 3u
#define FE310_SOURCES 52u

/* Pins 16 (to the chip) and 17 (from it) with function 0. */
#define FE310_UART0_PINS (1u << 16 | 1u << 17)

extern struct clint fe310_clint; /* its .alarm is the board's alarm */
extern struct plic fe310_plic;

/*
 * Timer, interrupt controller, and their bits in `mie`. Once, before anything
 * of trusted/chip.h. mstatus.MIE stays as it is: 0. `timer_hz` is what the timer
 * counts with: the low-frequency clock of the board, 15625 Hz to 50 MHz. A
 * timeslice is then at most 80 s.
 */
void fe310_init(uint32_t timer_hz);

/* Whether this is QEMU, which leaves the always-on block out: it reads as 0. */
bool fe310_emulated(void);

/*
 * Runs CPU and devices from the board's crystal, without the multiplier. Where the
 * crystal does not start, from the internal oscillator: then serial ports are off.
 */
void fe310_clock_crystal(void);

/* Gives the pins of the mask to function 0 of the device they are wired to. */
void fe310_pins_to_device(uint32_t mask);

/* Lamps, lit by a low pin. */
struct fe310_leds {
	struct led_bank bank;
	const uint8_t *pins; /* their numbers, below 32 */
};

/* All lamps dark. `pins` are the caller's, for ever. */
void fe310_leds_init(struct fe310_leds *leds, const uint8_t *pins, uint32_t count);

#endif
