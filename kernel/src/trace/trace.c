/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "trusted/trace.h"

#include <stdbool.h>

enum { RING = 256 }; /* records */

static struct trace_record ring[RING];
static uint32_t used;
static bool begun;

void trace_flush(void)
{
	if (!begun) {
		const struct trace_header header = {TRACE_MAGIC, trace_clock_hz()};

		begun = true;
		trace_write(&header, sizeof(header));
	}
	if (used > 0)
		trace_write(ring, used * sizeof(ring[0]));
	used = 0;
}

void trace(enum trace_event event, uint32_t slot, uint32_t a, uint32_t b)
{
	if (used == RING)
		trace_flush();
	ring[used++] = (struct trace_record){
		.time = trace_clock(),
		.event = (uint8_t)event,
		.slot = (uint8_t)slot,
		.a = (uint16_t)a,
		.b = b,
	};
}

void trace_name(uint32_t slot, const char *name)
{
	uint32_t at = 0;

	while (name[at] != '\0') {
		uint32_t four = 0;
		uint32_t first = at;

		for (uint32_t i = 0; i < 4 && name[at] != '\0'; i++)
			four |= (uint32_t)(uint8_t)name[at++] << 8 * i;
		trace(TRACE_NAME, slot, first, four);
	}
}
