/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Types for device registers. The only member says what software may do:
 * `reg.read`, `reg.write = x`, `reg.rw |= x`. A store to a read-only register
 * does not compile.
 */
#ifndef CHIPS_MMIO_H
#define CHIPS_MMIO_H

#include <stddef.h>
#include <stdint.h>

struct ro8 {
	const volatile uint8_t read;
};

struct wo8 {
	volatile uint8_t write;
};

struct rw8 {
	volatile uint8_t rw;
};

struct ro32 {
	const volatile uint32_t read;
};

struct wo32 {
	volatile uint32_t write;
};

struct rw32 {
	volatile uint32_t rw;
};

/* Stands where a peripheral's register struct is declared, once a register. */
#define REGISTER_AT(type, member, offset)                                                          \
	_Static_assert(offsetof(type, member) == (offset), #member " stands elsewhere")

#endif
