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
	PMSAV7_RAM = 0x130B0000,   /* read and write from both modes, never execute; WBWA */
	PMSAV7_FLASH = 0x06020000, /* read and execute from both modes; write-through */
	PMSAV7_READ = 0x160B0000,  /* read from both modes, never execute; WBWA */
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

/*
 * The region registers for one piece with these attributes.
 */
void pmsav7_encode(const struct pmsav7_piece *piece, enum pmsav7_attributes attributes,
		   struct pmsav7_region *region);

/*
 * One or two pieces that open all of [start, need_end) and nothing outside
 * [start, limit); the second is empty when one will do. False, with `piece`
 * unchanged, when no two regions can; for a need of up to 512 MiB that is exact:
 * whatever two regions with eight subregions can express is found. An empty need
 * gives two empty pieces.
 */
bool pmsav7_cover(const struct pmsav7_need *need, struct pmsav7_piece piece[2]) MUST_CHECK;

/* The same as registers. For flash, where the end is exact, limit == need_end. */
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
bool pmsav7_place_ram(const struct pmsav7_window *window,
		      struct pmsav7_placement *placement) MUST_CHECK;

#endif
