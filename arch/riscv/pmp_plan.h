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

#include "arch_types.h"
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

/*
 * The entries of a process, lowest number first: two a window, three for its flash (what it
 * executes, and behind that what it reads), two for its RAM.
 */
enum {
	PMP_ENTRY_FLASH = 2 * ARCH_WINDOWS,
	PMP_ENTRY_RAM = PMP_ENTRY_FLASH + 3,
};

/* Bytes [start, end), both multiples of 4. */
struct pmp_piece {
	pmp_addr_t start, end;
	uint8_t config; /* PMP_CFG_TOR and enum pmp_rights */
};

struct pmp_need {
	struct pmp_piece windows[ARCH_WINDOWS]; /* start == end: none */
	pmp_addr_t flash_start, code_end, flash_end;
	pmp_addr_t ram_start, ram_end;
};

/*@ // Section 3.7.1: an entry in TOR mode matches from the address before it to its own.
    predicate pmp_hit(struct pmp_entries *e, integer i, integer a) =
	e->config[i] / 8 == 1 &&
	(i == 0 ? 0 : e->address[i - 1] * 4) <= a < e->address[i] * 4;

    // The rights are those of the lowest entry that matches; what none matches is denied to user mode, and
    // the kernel's entries, behind these, are locked and give it nothing. For 16 entries.
    predicate pmp_gives(struct pmp_entries *e, integer a, integer rights) =
	pmp_hit(e, 0, a) ? rights == e->config[0] % 8 :
	pmp_hit(e, 1, a) ? rights == e->config[1] % 8 :
	pmp_hit(e, 2, a) ? rights == e->config[2] % 8 :
	pmp_hit(e, 3, a) ? rights == e->config[3] % 8 :
	pmp_hit(e, 4, a) ? rights == e->config[4] % 8 :
	pmp_hit(e, 5, a) ? rights == e->config[5] % 8 :
	pmp_hit(e, 6, a) ? rights == e->config[6] % 8 :
	pmp_hit(e, 7, a) ? rights == e->config[7] % 8 :
	pmp_hit(e, 8, a) ? rights == e->config[8] % 8 :
	rights == PMP_NONE;

    predicate pmp_in(struct pmp_piece *piece, integer a) = piece->start <= a < piece->end;

    predicate pmp_wanted(struct pmp_need *need, integer a, integer rights) =
	pmp_in(&need->windows[0], a) ? rights == need->windows[0].config % 8 :
	pmp_in(&need->windows[1], a) ? rights == need->windows[1].config % 8 :
	need->flash_start <= a < need->code_end ? rights == PMP_RX :
	need->code_end <= a < need->flash_end ? rights == PMP_R :
	need->ram_start <= a < need->ram_end ? rights == PMP_RW : rights == PMP_NONE;

    predicate pmp_in_order(struct pmp_need *need) =
	(\forall integer i; 0 <= i < ARCH_WINDOWS ==>
	    need->windows[i].start % 4 == 0 && need->windows[i].end % 4 == 0 &&
	    need->windows[i].start <= need->windows[i].end) &&
	need->flash_start % 4 == 0 && need->code_end % 4 == 0 && need->flash_end % 4 == 0 &&
	need->flash_start <= need->code_end <= need->flash_end &&
	need->ram_start % 4 == 0 && need->ram_end % 4 == 0 &&
	need->ram_start <= need->ram_end;

    // A window's entries open its bytes by the rule above and nothing else.
    predicate pmp_window_is(struct pmp_entries *e, integer i, integer start, integer end,
			    integer config) =
	e->config[2 * i] == PMP_CFG_OFF &&
	(start == end ? e->config[2 * i + 1] == PMP_CFG_OFF :
	    e->config[2 * i + 1] == config && config / 8 == 1 &&
	    e->address[2 * i] * 4 == start && e->address[2 * i + 1] * 4 == end);

    predicate pmp_configs_ok(struct pmp_need *need) =
	\forall integer i; 0 <= i < ARCH_WINDOWS ==> need->windows[i].config / 8 == 1;

    predicate pmp_windows_are(struct pmp_entries *e, struct pmp_need *need) =
	pmp_window_is(e, 0, need->windows[0].start, need->windows[0].end,
		      need->windows[0].config) &&
	pmp_window_is(e, 1, need->windows[1].start, need->windows[1].end,
		      need->windows[1].config);

    predicate pmp_own_is(struct pmp_entries *e, struct pmp_need *need) =
	e->config[4] == PMP_CFG_OFF && e->config[5] == PMP_CFG_TOR + PMP_RX &&
	e->config[6] == PMP_CFG_TOR + PMP_R && e->config[7] == PMP_CFG_OFF &&
	e->config[8] == PMP_CFG_TOR + PMP_RW && e->address[4] * 4 == need->flash_start &&
	e->address[5] * 4 == need->code_end && e->address[6] * 4 == need->flash_end &&
	e->address[7] * 4 == need->ram_start && e->address[8] * 4 == need->ram_end;
*/

/* Changes one window of entries that pmp_plan_process() made. Short: lending memory waits for it. */
/*@ requires \valid(entries) && \valid_read(window) && \separated(entries, window);
    requires number < ARCH_WINDOWS && window->config / 8 == 1;
    requires entries->config[2 * number] == PMP_CFG_OFF;
    requires window->start % 4 == 0 && window->end % 4 == 0;
    terminates \true;
    assigns entries->address[2 * number .. 2 * number + 1], entries->config[2 * number + 1];
    ensures pmp_window_is(entries, number, window->start, window->end, window->config);
*/
static inline void pmp_set_window(struct pmp_entries *entries, uint32_t number,
				  const struct pmp_piece *window)
{
	const uint32_t first = 2 * number;

	entries->address[first] = window->start / 4;
	if (window->start == window->end) {
		entries->address[first + 1] = 0;
		entries->config[first + 1] = PMP_CFG_OFF;
		return;
	}
	entries->address[first + 1] = window->end / 4;
	entries->config[first + 1] = window->config;
}

/*
 * The entries that give user mode exactly this, where windows come before the rest and the
 * first before the second. False, with nothing written: a number is no multiple of 4 or an end
 * lies before its start. On a CPU whose PMP grain is coarser than 4 bytes, the caller sees
 * to it that all are multiples of the grain.
 */
/*@ requires \valid_read(need) && \valid(entries) && \separated(need, entries);
    requires pmp_configs_ok(need);
    terminates \true;
    assigns entries->address[0 .. PMP_PROCESS_ENTRIES - 1],
	entries->config[0 .. PMP_PROCESS_ENTRIES - 1];
    ensures \result <==> pmp_in_order(need);
    ensures \result ==> \forall integer a, integer rights;
	pmp_gives(entries, a, rights) <==> pmp_wanted(need, a, rights);
    ensures \result ==> pmp_windows_are(entries, need);
    ensures !\result ==> *entries == \old(*entries);
*/
bool pmp_plan_process(const struct pmp_need *need, struct pmp_entries *entries) MUST_CHECK;

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
