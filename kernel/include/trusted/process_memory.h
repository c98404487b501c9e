/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where the parts of one process's RAM begin and end.
 *
 *   ram_start       app_break          grant_break     ram_end
 *      | application    | nobody's yet      | grants       |
 *
 * The application's part grows upwards (brk), the kernel's part, the grants,
 * downwards. Each function checks first and changes nothing unless it succeeds.
 * What they promise for all inputs is proved: proofs/SOUNDNESS.md.
 */
#ifndef TRUSTED_PROCESS_MEMORY_H
#define TRUSTED_PROCESS_MEMORY_H

#include "abi/error.h"
#include "lib/compiler.h"
#include "trusted/types.h"

#include <stdbool.h>

struct process_memory {
	uptr_t ram_start;
	uptr_t high_water;  /* lowest break allowed: end of the highest allow */
	uptr_t app_break;   /* first address that is not the application's */
	uptr_t grant_break; /* first address of the grants */
	uptr_t ram_end;
};

/*@ predicate process_memory_ok(struct process_memory *m) =
	m->ram_start <= m->high_water <= m->app_break <= m->grant_break <= m->ram_end;
*/

/*
 * Starts, or starts again: no grants, no allows, the break at `app_break`.
 * E_NOMEM when the break is not in [ram_start, ram_end]; `memory` is then
 * unchanged.
 */
/*@ requires \valid(memory);
    terminates \true;
    assigns *memory;
    ensures \result == E_OK <==> ram_start <= app_break <= ram_end;
    ensures \result == E_OK || \result == E_NOMEM;
    ensures \result == E_OK ==> process_memory_ok(memory) &&
	memory->ram_start == ram_start && memory->ram_end == ram_end &&
	memory->app_break == app_break && memory->high_water == ram_start &&
	memory->grant_break == ram_end;
    ensures \result != E_OK ==> *memory == \old(*memory);
*/
enum error process_memory_init(struct process_memory *memory, uptr_t ram_start, uptr_t ram_end,
			       uptr_t app_break) MUST_CHECK;

/*
 * Moves the break. E_NOMEM, and nothing changes, when it would go below the
 * high-water mark or above the grants. The caller clears what a higher break
 * newly exposes, and plans the MPU or PMP again; try on a copy when that may fail.
 */
/*@ requires \valid(memory) && process_memory_ok(memory);
    terminates \true;
    assigns memory->app_break;
    ensures process_memory_ok(memory);
    ensures \result == E_OK || \result == E_NOMEM;
    ensures \result == E_OK <==> memory->high_water <= new_break <= memory->grant_break;
    ensures memory->app_break == (\result == E_OK ? new_break : \old(memory->app_break));
*/
enum error process_memory_brk(struct process_memory *memory, uptr_t new_break) MUST_CHECK;

/*
 * Moves the break by `delta` bytes as process_memory_brk() does. `*old_break` is
 * the break from before, written on success only.
 */
/*@ requires \valid(memory) && \valid(old_break) && \separated(memory, old_break);
    requires process_memory_ok(memory);
    terminates \true;
    assigns memory->app_break, *old_break;
    ensures process_memory_ok(memory);
    ensures \result == E_OK || \result == E_NOMEM;
    ensures \result == E_OK <==>
	memory->high_water <= \old(memory->app_break) + delta <= memory->grant_break;
    ensures \result == E_OK ==> memory->app_break == \old(memory->app_break) + delta &&
	*old_break == \old(memory->app_break);
    ensures \result != E_OK ==> memory->app_break == \old(memory->app_break) &&
	*old_break == \old(*old_break);
*/
enum error process_memory_sbrk(struct process_memory *memory, int32_t delta,
			       uptr_t *old_break) MUST_CHECK;

/*
 * Takes `size` bytes for the kernel from the top of what is free, at the highest
 * address that is a multiple of `align` (not 0). The grants start there
 * afterwards, so a plan that opens memory above the break must be made again with
 * the new limit before the process runs. E_NOMEM: it would reach the break.
 */
/*@ requires \valid(memory) && \valid(address) && \separated(memory, address);
    requires process_memory_ok(memory);
    requires align > 0;
    terminates \true;
    assigns memory->grant_break, *address;
    ensures process_memory_ok(memory);
    ensures \result == E_OK || \result == E_NOMEM;
    ensures \result == E_OK <==> memory->app_break <= \old(memory->grant_break) - size &&
	memory->app_break <= (\old(memory->grant_break) - size) -
			     (\old(memory->grant_break) - size) % align;
    ensures \result == E_OK ==> *address == memory->grant_break &&
	*address % align == 0 &&
	memory->app_break <= *address &&
	*address + size <= \old(memory->grant_break) < *address + size + align;
    ensures \result != E_OK ==> memory->grant_break == \old(memory->grant_break) &&
	*address == \old(*address);
*/
enum error process_memory_grant_alloc(struct process_memory *memory, uint32_t size, uint32_t align,
				      uptr_t *address) MUST_CHECK;

/*
 * Notes that the kernel was allowed the application's memory up to `end`: the
 * break may not go below that again before the process restarts. E_INVAL, and
 * nothing changes, when `end` is not in [ram_start, app_break].
 */
/*@ requires \valid(memory) && process_memory_ok(memory);
    terminates \true;
    assigns memory->high_water;
    ensures process_memory_ok(memory);
    ensures \result == E_OK || \result == E_INVAL;
    ensures \result == E_OK <==> memory->ram_start <= end <= memory->app_break;
    ensures \result == E_OK ==> memory->high_water >= end;
    ensures memory->high_water >= \old(memory->high_water);
    ensures \result != E_OK ==> memory->high_water == \old(memory->high_water);
*/
enum error process_memory_allow(struct process_memory *memory, uptr_t end) MUST_CHECK;

#endif
