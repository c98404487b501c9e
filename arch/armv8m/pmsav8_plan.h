/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * MPU register values for a range of addresses on PMSAv8, as pure functions: no
 * register is touched here. What they promise is proved: proofs/SOUNDNESS.md.
 *
 * Source: Armv8-M Architecture Reference Manual (DDI 0553), MPU_RBAR and MPU_RLAR
 * in section D1.2: a region goes from BASE (31:5, low bits 0) to LIMIT (31:5, low
 * bits 1) inclusive. Regions in use must not overlap: an address in two faults.
 */
#ifndef PMSAV8_PLAN_H
#define PMSAV8_PLAN_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	PMSAV8_GRAIN = 32, /* bytes */

	/* MPU_MAIR0 that these plans assume; the types of the default memory map. */
	PMSAV8_MAIR0 = 0xAAFF, /* 0: write-back, write-allocate (RAM); 1: write-through (flash) */
};

/* Low bits of MPU_RBAR: SH (4:3), AP (2:1), XN (0). */
enum pmsav8_access {
	PMSAV8_RAM = 0x3,   /* read and write from both modes, never execute */
	PMSAV8_FLASH = 0x6, /* read and execute from both modes */
	PMSAV8_READ = 0x7,  /* read from both modes, never execute */
};

struct pmsav8_region {
	uint32_t rbar;
	uint32_t rlar; /* 0: the region is off */
};

/* All of [start, need_end) must be open, nothing outside [start, limit) may be. */
struct pmsav8_need {
	uint32_t start;
	uint32_t need_end;
	uint32_t limit;
};

/*@ predicate pmsav8_matches(struct pmsav8_region *region, integer a) =
	region->rlar % 2 == 1 &&
	region->rbar / 32 * 32 <= a <= region->rlar / 32 * 32 + 31;
*/

/*
 * The region that opens [start, `*end`), where `*end` is need_end rounded up to 32.
 * An empty need gives a region that is off, and `*end` = start. False, with nothing
 * written, when start is no multiple of 32, the three are not in order, or `*end`
 * would be above the limit. For flash, where the end is exact, limit == need_end.
 */
/*@ requires \valid_read(need) && \valid(region) && \valid(end);
    requires \separated(need, region, end);
    requires access == PMSAV8_RAM || access == PMSAV8_FLASH || access == PMSAV8_READ;
    terminates \true;
    assigns *region, *end;
    ensures \result <==> (need->start % 32 == 0 && need->start <= need->need_end &&
			  (need->need_end + 31) / 32 * 32 <= need->limit ||
			  need->start % 32 == 0 && need->start == need->need_end <= need->limit);
    ensures \result ==> need->start <= need->need_end <= *end <= need->limit;
    ensures \result ==> *end < need->need_end + 32;
    ensures \result ==> (\forall integer a; pmsav8_matches(region, a) <==>
						need->start <= a < *end);
    ensures \result && need->start < need->need_end ==> region->rbar % 32 == access;
    ensures !\result ==> *region == \old(*region) && *end == \old(*end);
*/
bool pmsav8_plan(const struct pmsav8_need *need, enum pmsav8_access access,
		 struct pmsav8_region *region, uint32_t *end) MUST_CHECK;

/* Where a process may be placed, and what it asks for; [start, start + size) does not wrap. */
struct pmsav8_window {
	uint32_t start;
	uint32_t size;         /* bytes */
	uint32_t app_bytes;    /* for the application, from the bottom */
	uint32_t kernel_bytes; /* for the kernel, above what the application can reach */
	bool is_fixed;         /* it must begin at `start` itself */
};

struct pmsav8_placement {
	uint32_t start; /* a multiple of 32 */
	uint32_t size;  /* what was asked for, each part rounded up to 32 */
};

/* The lowest place in the window. False: there is none. */
/*@ requires \valid_read(window) && \valid(placement) && \separated(window, placement);
    requires window->start + window->size <= 0xFFFFFFFF;
    terminates \true;
    assigns *placement;
    ensures \result ==> window->start <= placement->start && placement->start % 32 == 0;
    ensures \result ==>
	placement->start + placement->size <= window->start + window->size;
    ensures \result ==> (window->app_bytes + 31) / 32 * 32 +
	(window->kernel_bytes + 31) / 32 * 32 == placement->size;
    ensures \result && window->is_fixed ==> placement->start == window->start;
    ensures !\result ==> *placement == \old(*placement);
*/
bool pmsav8_place_ram(const struct pmsav8_window *window,
		      struct pmsav8_placement *placement) MUST_CHECK;

#endif
