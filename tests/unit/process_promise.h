/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What every protection unit has to give the process that is loaded, at each address
 * that a test asks about. The test has the model of its unit: may() judges an access.
 */
#ifndef PROCESS_PROMISE_H
#define PROCESS_PROMISE_H

#include "test.h"
#include "trusted/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum access { READ = 1, WRITE = 2, EXECUTE = 4 };

static bool may(uint32_t byte, enum access access, bool privileged);

static bool inside(uint32_t byte, uint32_t start, uint32_t end)
{
	return byte >= start && byte < end;
}

/* The window that holds the byte; NULL: none does. */
static const struct arch_window *window_of(uint32_t byte, const struct arch_regions *regions)
{
	for (uint32_t i = 0; regions && i < ARCH_WINDOWS; i++)
		if (inside(byte, regions->windows[i].start, regions->windows[i].end))
			return &regions->windows[i];
	return NULL;
}

/*
 * Unprivileged code has its flash to read, what is before the footers to execute, its RAM
 * but for closed windows to read and write, its other windows as they say, and no more. `regions` may be
 * NULL: no process is loaded.
 */
static void check_process(uint32_t byte, const struct arch_regions *regions, uint32_t ram_end)
{
	bool flash = regions && inside(byte, regions->flash_start, regions->flash_end);
	bool ram = regions && inside(byte, regions->ram_start, ram_end);
	const struct arch_window *window = window_of(byte, regions);
	bool read = flash || ram, write = ram;

	if (window != NULL) {
		read = window->access != ARCH_CLOSED;
		write = window->access == ARCH_READ_WRITE;
	}
	TEST_EQUAL(may(byte, READ, false), read);
	TEST_EQUAL(may(byte, WRITE, false), write);
	TEST_EQUAL(may(byte, EXECUTE, false), flash && byte < arch_mpu_code_end(regions));
}

#endif
