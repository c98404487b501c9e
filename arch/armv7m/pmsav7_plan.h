/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * MPU register values for a range of addresses on PMSAv7, as pure functions: no
 * register is touched here. What they promise is proved: proofs/SOUNDNESS.md.
 *
 * Source: ARMv7-M Architecture Reference Manual (DDI 0403E), section B3.5, at
 * MPU_RBAR and MPU_RASR: a region has a power of two as size and is aligned to
 * it; from 256 bytes up it has eight subregions of an eighth each, which can be
 * switched off one by one. What no region opens, or only switched-off subregions,
 * is closed to unprivileged code. Regions here are 256 bytes to 2 GiB, so a
 * subregion is 32 bytes to 256 MiB: a region under 256 bytes opens nothing that
 * the subregions of a larger one cannot.
 */
#ifndef PMSAV7_PLAN_H
#define PMSAV7_PLAN_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	PMSAV7_SUBREGION_MIN = 32,         /* bytes */
	PMSAV7_SUBREGION_MAX = 0x10000000, /* bytes */
};

/*
 * The attribute bits of MPU_RASR, XN (28), AP (26:24), TEX (21:19), S C B
 * (18:16). Memory types are those of the default memory map (section B3.1), as
 * the kernel uses that map: two types for one address break a Cortex-M7's cache.
 */
enum pmsav7_attributes {
	PMSAV7_RAM = 0x130B0000,    /* read and write from both modes, never execute; WBWA */
	PMSAV7_FLASH = 0x06020000,  /* read and execute from both modes; write-through */
	PMSAV7_READ = 0x160B0000,   /* read from both modes, never execute; WBWA */
	PMSAV7_CLOSED = 0x110B0000, /* read and write for privileged code only; WBWA */
};

/* All of [start, need_end) must be open, nothing outside [start, limit) may be. */
struct pmsav7_need {
	uint32_t start;
	uint32_t need_end;
	uint32_t limit;
};

/*
 * Subregions [first, end) of the region of 8 * subregion bytes at `base`. Open:
 * [base + first * subregion, base + end * subregion). None when first == end.
 */
struct pmsav7_piece {
	uint32_t base;      /* a multiple of 8 * subregion */
	uint32_t subregion; /* bytes: 2 to the power of (size - 2) */
	uint32_t size;      /* MPU_RASR.SIZE: the region has 2 to the power of (size + 1) bytes */
	uint32_t first;     /* 0 .. 8 */
	uint32_t end;       /* first .. 8 */
};

/* What goes into MPU_RBAR, without VALID and REGION, and MPU_RASR; 0, 0 is off. */
struct pmsav7_region {
	uint32_t rbar;
	uint32_t rasr;
};

struct pmsav7_plan {
	struct pmsav7_region region[2];
	uint32_t end; /* first address after what is open: in [need_end, limit] */
};

/*@ // Bytes of a subregion for each value of SIZE that is used here.
    logic integer pmsav7_subregion(integer size) =
	size == 7 ? 0x20 : size == 8 ? 0x40 : size == 9 ? 0x80 : size == 10 ? 0x100 :
	size == 11 ? 0x200 : size == 12 ? 0x400 : size == 13 ? 0x800 : size == 14 ? 0x1000 :
	size == 15 ? 0x2000 : size == 16 ? 0x4000 : size == 17 ? 0x8000 :
	size == 18 ? 0x10000 : size == 19 ? 0x20000 : size == 20 ? 0x40000 :
	size == 21 ? 0x80000 : size == 22 ? 0x100000 : size == 23 ? 0x200000 :
	size == 24 ? 0x400000 : size == 25 ? 0x800000 : size == 26 ? 0x1000000 :
	size == 27 ? 0x2000000 : size == 28 ? 0x4000000 : size == 29 ? 0x8000000 :
	size == 30 ? 0x10000000 : 0;

    predicate pmsav7_piece_ok(struct pmsav7_piece p) =
	7 <= p.size <= 30 && p.subregion == pmsav7_subregion(p.size) &&
	p.base % (8 * p.subregion) == 0 && p.first <= p.end <= 8;

    // k * bytes, as the provers like it
    logic integer pmsav7_times(integer k, integer bytes) =
	k == 0 ? 0 : k == 1 ? bytes : k == 2 ? 2 * bytes : k == 3 ? 3 * bytes :
	k == 4 ? 4 * bytes : k == 5 ? 5 * bytes : k == 6 ? 6 * bytes : k == 7 ? 7 * bytes :
	8 * bytes;

    logic integer pmsav7_piece_from(struct pmsav7_piece p) =
	p.base + pmsav7_times(p.first, p.subregion);
    logic integer pmsav7_piece_to(struct pmsav7_piece p) =
	p.base + pmsav7_times(p.end, p.subregion);

    predicate pmsav7_piece_opens(struct pmsav7_piece p, integer a) =
	pmsav7_piece_from(p) <= a < pmsav7_piece_to(p);

    // Where what two neighbouring pieces open ends; `start` when they open nothing.
    logic integer pmsav7_pieces_end(struct pmsav7_piece one, struct pmsav7_piece two,
				    integer start) =
	two.first < two.end ? pmsav7_piece_to(two) :
	one.first < one.end ? pmsav7_piece_to(one) : start;

    // The hardware's rule for subregion number k, whose SRD bit has weight w.
    predicate pmsav7_subregion_opens(integer srd, integer base, integer bytes, integer k,
				     integer w, integer a) =
	srd / w % 2 == 0 && base + k * bytes <= a < base + (k + 1) * bytes;

    predicate pmsav7_eight_open(integer srd, integer base, integer bytes, integer a) =
	pmsav7_subregion_opens(srd, base, bytes, 0, 1, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 1, 2, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 2, 4, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 3, 8, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 4, 16, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 5, 32, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 6, 64, a) ||
	pmsav7_subregion_opens(srd, base, bytes, 7, 128, a);

    // The hardware's rule for a region: ENABLE, SIZE, SRD and the base address.
    predicate pmsav7_region_opens(struct pmsav7_region r, integer a) =
	r.rasr % 2 == 1 &&
	pmsav7_eight_open(r.rasr / 256 % 256, r.rbar,
			  pmsav7_subregion(r.rasr / 2 % 32), a);

    // The manual leaves undefined what a misaligned region does.
    predicate pmsav7_region_defined(struct pmsav7_region r) =
	r.rasr % 2 == 0 ||
	(7 <= r.rasr / 2 % 32 <= 30 &&
	 r.rbar % (8 * pmsav7_subregion(r.rasr / 2 % 32)) == 0);
*/

/*
 * The region registers for one piece with these attributes.
 */
/*@ requires \valid_read(piece) && \valid(region) && \separated(piece, region);
    requires pmsav7_piece_ok(*piece);
    requires attributes == PMSAV7_RAM || attributes == PMSAV7_FLASH ||
	     attributes == PMSAV7_READ || attributes == PMSAV7_CLOSED;
    terminates \true;
    assigns *region;
    ensures pmsav7_region_defined(*region);
    ensures \forall integer a; pmsav7_region_opens(*region, a) <==> pmsav7_piece_opens(*piece, a);
    ensures region->rasr % 2 == 1 ==> region->rasr / 65536 * 65536 == attributes;
*/
void pmsav7_encode(const struct pmsav7_piece *piece, enum pmsav7_attributes attributes,
		   struct pmsav7_region *region);

/*
 * One or two pieces that open all of [start, need_end) and nothing outside
 * [start, limit); the second is empty when one will do. False, and the pieces are
 * of no use, when no two regions can; for a need of up to 512 MiB that is exact:
 * whatever two regions with eight subregions can express is found. An empty need
 * gives two empty pieces.
 */
/*@ requires \valid_read(need) && \valid(piece + (0 .. 1));
    requires \separated(need, piece + (0 .. 1));
    terminates \true;
    assigns piece[0 .. 1];
    ensures \result ==> pmsav7_piece_ok(*piece) && pmsav7_piece_ok(piece[1]);
    ensures opened: \result ==> (\forall integer a;
	(pmsav7_piece_opens(piece[0], a) || pmsav7_piece_opens(piece[1], a)) <==>
	need->start <= a < pmsav7_pieces_end(piece[0], piece[1], need->start));
    ensures bounds: \result ==> need->start <= need->need_end <=
	pmsav7_pieces_end(piece[0], piece[1], need->start) <= need->limit;
*/
bool pmsav7_cover(const struct pmsav7_need *need, struct pmsav7_piece piece[2]) MUST_CHECK;

/*
 * The same as registers. For flash, where the end is exact, limit == need_end.
 * False, with `plan` unchanged, as above.
 */
/*@ requires \valid_read(need) && \valid(plan) && \separated(need, plan);
    requires attributes == PMSAV7_RAM || attributes == PMSAV7_FLASH ||
	     attributes == PMSAV7_READ || attributes == PMSAV7_CLOSED;
    terminates \true;
    assigns *plan;
    ensures \result ==> (\forall integer a;
	(pmsav7_region_opens(plan->region[0], a) || pmsav7_region_opens(plan->region[1], a)) <==>
	need->start <= a < plan->end);
    ensures \result ==> need->start <= need->need_end <= plan->end <= need->limit;
    ensures \result ==> pmsav7_region_defined(plan->region[0]) &&
	pmsav7_region_defined(plan->region[1]);
    ensures !\result ==> *plan == \old(*plan);
*/
bool pmsav7_plan(const struct pmsav7_need *need, enum pmsav7_attributes attributes,
		 struct pmsav7_plan *plan) MUST_CHECK;

/* Where a process may be placed, and what it asks for. */
struct pmsav7_window {
	uint32_t start;
	uint32_t end;
	uint32_t app_bytes;    /* for the application, from the bottom; more than 0 */
	uint32_t kernel_bytes; /* for the kernel, above what the application can reach */
	bool is_fixed;         /* it must begin at `start` itself */
};

struct pmsav7_placement {
	uint32_t start;
	uint32_t app_limit; /* every break up to start + app_bytes can be planned below this */
	uint32_t end;       /* app_limit + kernel_bytes */
};

/*
 * A place inside the window whose end is as low as the tried starts allow: each
 * multiple of a power of two next above the window's start. Later calls of
 * pmsav7_plan() with this start, a need_end up to start + app_bytes and a limit
 * not below app_limit succeed. False: there is none.
 */
/*@ requires \valid_read(window) && \valid(placement) && \separated(window, placement);
    terminates \true;
    assigns *placement;
    ensures \result ==> window->start <= placement->start &&
	placement->start + window->app_bytes <= placement->app_limit &&
	placement->app_limit + window->kernel_bytes == placement->end <= window->end;
    ensures \result && window->is_fixed ==> placement->start == window->start;
*/
bool pmsav7_place_ram(const struct pmsav7_window *window,
		      struct pmsav7_placement *placement) MUST_CHECK;

#endif
