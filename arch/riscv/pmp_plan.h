/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * PMP register values for a range of addresses, as pure functions: what they
 * promise is proved for all inputs, and no register is touched here.
 *
 * Source: RISC-V Privileged Architecture 1.12, section 3.7.1 (pmpcfg, pmpaddr,
 * address matching), and the Smepmp extension 1.0, section 2.1, for the shared
 * rights under mseccfg.MML. Ranges use TOR: a pair of entries, the lower one off
 * and only there for its address. A byte at `a` matches the upper entry if and
 * only if 4 * low <= a < 4 * high.
 */
#ifndef PMP_PLAN_H
#define PMP_PLAN_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* Address width: the one line that a 64-bit port changes. */
typedef uint32_t pmp_addr_t;

/* The address-matching field of a pmpcfg byte, and the lock bit. */
enum pmp_cfg {
	PMP_CFG_OFF = 0x00,
	PMP_CFG_TOR = 0x08,
	PMP_CFG_NA4 = 0x10,
	PMP_CFG_NAPOT = 0x18,
	PMP_CFG_MODE = 0x18, /* mask */
	PMP_CFG_LOCK = 0x80,
};

/* The rights of a pmpcfg byte: bit 0 read, bit 1 write, bit 2 execute. */
enum pmp_rights {
	PMP_NONE = 0x0, /* what matches is closed to user mode */
	PMP_R = 0x1,
	PMP_RW = 0x3,
	PMP_X = 0x4,
	PMP_RX = 0x5,
	PMP_RWX = 0x7,
	/* Smepmp with MML set, entry not locked: read and write from both modes */
	PMP_SHARED_RW = 0x6,
	/* the same: read and write from machine mode, read only from user mode */
	PMP_SHARED_R = 0x2,
};

/* Two neighbouring entries, lower number first. */
struct pmp_range {
	pmp_addr_t low;   /* pmpaddr of the lower entry: start / 4 */
	pmp_addr_t high;  /* pmpaddr of the upper entry: end / 4 */
	uint8_t cfg_low;  /* PMP_CFG_OFF */
	uint8_t cfg_high; /* PMP_CFG_TOR and the rights */
};

/*@ predicate pmp_tor_matches(struct pmp_range *range, integer a) =
	range->low * 4 <= a < range->high * 4;
*/

/*
 * The entries that match [start, end) and nothing else. False, with `range`
 * unchanged, when start or end is no multiple of 4 or start > end. An empty range
 * matches nothing. On a CPU whose PMP grain is coarser than 4 bytes, the caller
 * sees to it that start and end are multiples of the grain.
 */
/*@ requires \valid(range) && 0 <= rights <= 7;
    terminates \true;
    assigns *range;
    ensures \result <==> (start % 4 == 0 && end % 4 == 0 && start <= end);
    ensures \result ==> (\forall integer a; pmp_tor_matches(range, a) <==> start <= a < end);
    ensures \result ==> range->cfg_low == PMP_CFG_OFF && range->cfg_high == PMP_CFG_TOR + rights;
    ensures !\result ==> *range == \old(*range);
*/
bool pmp_plan_range(pmp_addr_t start, pmp_addr_t end, enum pmp_rights rights,
		    struct pmp_range *range) MUST_CHECK;

/*
 * Where the entries for a process's RAM at `start` end: all of [start, need_end)
 * is covered, nothing from `limit` on. Goes up to the next multiple of `granule`
 * (a multiple of 4, not 0) if the limit lets it: QEMU is slow with a region
 * that covers only a part of a page. Returns 0 when it cannot be done: start is no
 * multiple of 4, need_end is below start, or no multiple of 4 lies in [need_end,
 * limit]. Also 0 for need_end 0, where there is nothing to cover.
 */
/*@ requires granule > 0 && granule % 4 == 0;
    terminates \true;
    assigns \nothing;
    ensures \result != 0 <==> (0 < need_end && start % 4 == 0 && start <= need_end &&
			       need_end <= limit - limit % 4);
    ensures \result != 0 ==> need_end <= \result <= limit;
    ensures \result % 4 == 0;
    ensures \result != 0 ==> \result < need_end + granule;
*/
pmp_addr_t pmp_plan_ram(pmp_addr_t start, pmp_addr_t need_end, pmp_addr_t limit,
			pmp_addr_t granule) MUST_CHECK;

/* Where a process may be placed, and what it asks for; [start, start + size) does not wrap. */
struct pmp_window {
	pmp_addr_t start;
	uint32_t size;         /* bytes */
	uint32_t app_bytes;    /* for the application, from the bottom */
	uint32_t kernel_bytes; /* for the kernel, above them */
	uint32_t granule;      /* as for pmp_plan_ram() */
	bool is_fixed;         /* it must begin at `start` itself */
};

struct pmp_placement {
	pmp_addr_t start; /* a multiple of 4; of the granule, where it is not fixed */
	uint32_t size;    /* a multiple of 8 */
};

/*
 * The lowest place in the window, as large as what is asked for, rounded up to the
 * granule where the window lets it. False: there is none.
 */
/*@ requires \valid_read(window) && \valid(placement) && \separated(window, placement);
    requires window->granule > 0 && window->granule % 4 == 0;
    requires window->start + window->size <= 0xFFFFFFFF;
    terminates \true;
    assigns *placement;
    ensures \result ==> window->start <= placement->start && placement->start % 4 == 0;
    ensures \result ==>
	placement->start + placement->size <= window->start + window->size;
    ensures \result ==> window->app_bytes + window->kernel_bytes <= placement->size;
    ensures \result && window->is_fixed ==> placement->start == window->start;
*/
bool pmp_place_ram(const struct pmp_window *window, struct pmp_placement *placement) MUST_CHECK;

#endif
