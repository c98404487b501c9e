/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where this process is, and how much memory it has (memop, TRD104, section
 * 4.6). An allocator of the application's own takes its memory with
 * `memory_extend`; malloc() does so too.
 */
#ifndef DETENT_MEMORY_H
#define DETENT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* A range of addresses; `end` is the first address behind it. */
struct memory_range {
	uintptr_t start;
	uintptr_t end;
};

/*
 * Moves the end of accessible memory by `bytes`, down if negative. `*was` gets
 * the former end, which is the start of the new memory; new memory is zero.
 * E_NOMEM: the kernel has no more, or memory is still shared with a driver.
 */
MUST_CHECK enum error memory_extend(ptrdiff_t bytes, void **was);

/* The RAM of this process, the kernel's share at its end included. */
struct memory_range memory_ram(void);

/* The flash of this process, from its TBF header on. */
struct memory_range memory_flash(void);

/* The lowest address of the kernel's share of the RAM. */
uintptr_t memory_grant_start(void);

/* How many writeable flash regions the TBF header names. */
uint32_t memory_flash_region_count(void);

/* Region `index`, from 0. E_FAIL: there is none. */
MUST_CHECK enum error memory_flash_region(uint32_t index, struct memory_range *region);

#endif
