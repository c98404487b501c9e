/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The trace stream, as a kernel built with TRACE=1 writes it and `detent trace`
 * reads it: a header, then records, little-endian. docs/reference/trace.md
 */
#ifndef ABI_TRACE_H
#define ABI_TRACE_H

#include <stdint.h>

enum { TRACE_MAGIC = 0x31544444 /* "DDT1" */ };

struct trace_header {
	uint32_t magic;
	uint32_t clock_hz; /* of the records' time */
};

enum trace_event {
	TRACE_SYSCALL = 1,    /* a: class << 12 | second argument, cut; b: first argument */
	TRACE_UPCALL = 2,     /* a: subscribe number; b: driver's place in the board's table */
	TRACE_SWITCH = 3,     /* the process of `slot` runs from now on */
	TRACE_IDLE = 4,       /* nobody runs from now on */
	TRACE_INTERRUPTS = 5, /* pending interrupts are served from now on */
	TRACE_INTERRUPTS_END = 6,
	TRACE_FAULT = 7, /* b: the program counter */
	TRACE_GRANT = 8, /* a: driver's place in the table; b: bytes */
	TRACE_NAME = 9,  /* a: first character's place; b: four characters of the name */
	TRACE_END = 10,  /* a: enum process_state that the life ended in */
	TRACE_LOST = 11, /* b: records that did not fit the ring */
};

enum { TRACE_NO_SLOT = 255 };

struct trace_record {
	uint32_t time; /* ticks, modulo 2^32 */
	uint8_t event; /* enum trace_event */
	uint8_t slot;  /* of the process it is about, or TRACE_NO_SLOT */
	uint16_t a;
	uint32_t b;
};

_Static_assert(sizeof(struct trace_record) == 12, "the stream has no gaps");

#endif
