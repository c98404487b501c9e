/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Recording what happens, for `detent trace`. Compiled in by `make TRACE=1`;
 * otherwise these are empty and the image is the same to the byte.
 */
#ifndef TRUSTED_TRACE_H
#define TRUSTED_TRACE_H

#include "abi/trace.h"

#include <stddef.h>
#include <stdint.h>

#ifdef DETENT_TRACE

/* Keeps a record; the oldest are sent when the ring fills up. From the kernel only. */
void trace(enum trace_event event, uint32_t slot, uint32_t a, uint32_t b);

/* Records the name of the process in a slot. */
void trace_name(uint32_t slot, const char *name);

/* Sends what was recorded. Called when the system idles and when the ring is full. */
void trace_flush(void);

#else

static inline void trace(enum trace_event event, uint32_t slot, uint32_t a, uint32_t b)
{
	(void)event;
	(void)slot;
	(void)a;
	(void)b;
}

static inline void trace_name(uint32_t slot, const char *name)
{
	(void)slot;
	(void)name;
}

static inline void trace_flush(void)
{
}

#endif

/* Of the architecture or board, for TRACE=1: where the stream goes; waits until it is taken. */
void trace_write(const void *bytes, size_t length);

/* The clock of the records: ticks modulo 2^32, and how many a second. */
uint32_t trace_clock(void);
uint32_t trace_clock_hz(void);

#endif
