/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmp_plan.h"

/* What `value` lacks to a multiple of `step`. */
/*@ requires step > 0;
    terminates \true;
    assigns \nothing;
    ensures 0 <= \result < step && (value == 0 ==> \result == 0);
*/
static uint32_t lacking(uint32_t value, uint32_t step)
{
	uint32_t beyond = value % step;

	return beyond == 0 ? 0 : step - beyond;
}

/*@ terminates \true;
    assigns \nothing;
    ensures \result <==> (start % 4 == 0 && end % 4 == 0 && start <= end);
*/
static bool is_range(pmp_addr_t start, pmp_addr_t end)
{
	return start % 4u == 0 && end % 4u == 0 && start <= end;
}

/*@ requires \valid_read(need);
    terminates \true;
    assigns \nothing;
    ensures \result <==> pmp_in_order(need);
*/
static bool is_in_order(const struct pmp_need *need)
{
	/*@ loop invariant 0 <= i <= ARCH_WINDOWS;
	    loop invariant \forall integer j; 0 <= j < i ==>
		need->windows[j].start % 4 == 0 && need->windows[j].end % 4 == 0 &&
		need->windows[j].start <= need->windows[j].end;
	    loop assigns i;
	    loop variant ARCH_WINDOWS - i;
	*/
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (!is_range(need->windows[i].start, need->windows[i].end))
			return false;
	return is_range(need->flash_start, need->code_end) &&
	       is_range(need->code_end, need->flash_end) &&
	       is_range(need->ram_start, need->ram_end);
}

/*@ requires \valid_read(need) && \valid(entries) && \separated(need, entries);
    requires pmp_in_order(need) && pmp_configs_ok(need);
    terminates \true;
    assigns entries->address[0 .. PMP_ENTRY_FLASH - 1], entries->config[0 .. PMP_ENTRY_FLASH - 1];
    ensures pmp_windows_are(entries, need);
*/
static void put_windows(const struct pmp_need *need, struct pmp_entries *entries)
{
	/*@ loop invariant 0 <= i <= ARCH_WINDOWS;
	    loop invariant \forall integer j; 0 <= j < i ==>
		pmp_window_is(entries, j, need->windows[j].start, need->windows[j].end,
			      need->windows[j].config);
	    loop assigns i, entries->address[0 .. PMP_ENTRY_FLASH - 1],
		entries->config[0 .. PMP_ENTRY_FLASH - 1];
	    loop variant ARCH_WINDOWS - i;
	*/
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		entries->config[2 * i] = PMP_CFG_OFF;
		pmp_set_window(entries, i, &need->windows[i]);
	}
}

/*@ requires \valid_read(need) && \valid(entries) && \separated(need, entries);
    requires pmp_in_order(need);
    terminates \true;
    assigns entries->address[PMP_ENTRY_FLASH .. PMP_PROCESS_ENTRIES - 1],
	entries->config[PMP_ENTRY_FLASH .. PMP_PROCESS_ENTRIES - 1];
    ensures pmp_own_is(entries, need);
*/
static void put_own(const struct pmp_need *need, struct pmp_entries *entries)
{
	entries->address[PMP_ENTRY_FLASH] = need->flash_start / 4u;
	entries->address[PMP_ENTRY_FLASH + 1] = need->code_end / 4u;
	entries->address[PMP_ENTRY_FLASH + 2] = need->flash_end / 4u;
	entries->config[PMP_ENTRY_FLASH] = PMP_CFG_OFF;
	entries->config[PMP_ENTRY_FLASH + 1] = PMP_CFG_TOR + PMP_RX;
	entries->config[PMP_ENTRY_FLASH + 2] = PMP_CFG_TOR + PMP_R;
	entries->address[PMP_ENTRY_RAM] = need->ram_start / 4u;
	entries->address[PMP_ENTRY_RAM + 1] = need->ram_end / 4u;
	entries->config[PMP_ENTRY_RAM] = PMP_CFG_OFF;
	entries->config[PMP_ENTRY_RAM + 1] = PMP_CFG_TOR + PMP_RW;
}

bool pmp_plan_process(const struct pmp_need *need, struct pmp_entries *entries)
{
	if (!is_in_order(need))
		return false;
	put_own(need, entries);
	put_windows(need, entries);
	//@ assert pmp_own_is(entries, need);
	/*@ assert \forall integer a; !pmp_hit(entries, 0, a) && !pmp_hit(entries, 2, a) &&
		!pmp_hit(entries, 4, a) && !pmp_hit(entries, 7, a);
	*/
	//@ assert \forall integer a; pmp_hit(entries, 1, a) <==> pmp_in(&need->windows[0], a);
	//@ assert \forall integer a; pmp_hit(entries, 3, a) <==> pmp_in(&need->windows[1], a);
	//@ assert \forall integer a; pmp_hit(entries, 5, a) <==> need->flash_start <= a < need->code_end;
	//@ assert \forall integer a; pmp_hit(entries, 6, a) <==> need->code_end <= a < need->flash_end;
	//@ assert \forall integer a; pmp_hit(entries, 8, a) <==> need->ram_start <= a < need->ram_end;
	return true;
}

pmp_addr_t pmp_plan_ram(pmp_addr_t start, pmp_addr_t need_end, pmp_addr_t limit, pmp_addr_t granule)
{
	/* in words of 4 bytes, so that every result is a multiple of 4 */
	pmp_addr_t need = need_end / 4u + (need_end % 4u != 0 ? 1u : 0u);
	pmp_addr_t top = limit / 4u;
	pmp_addr_t step = granule / 4u;

	if (start % 4u != 0 || start > need_end || need > top)
		return 0;

	pmp_addr_t extra = lacking(need, step);

	if (extra > top - need)
		return top * 4u;
	return (need + extra) * 4u;
}

bool pmp_place_ram(const struct pmp_window *window, struct pmp_placement *placement)
{
	/* in words of 4 bytes, as above */
	pmp_addr_t first = window->start / 4u + (window->start % 4u != 0 ? 1u : 0u);
	pmp_addr_t top = (window->start + window->size) / 4u;
	pmp_addr_t skip = window->is_fixed ? 0 : lacking(first, window->granule / 4u);

	if (window->is_fixed && window->start % 4u != 0)
		return false;
	if (first > top || skip > top - first)
		return false;

	pmp_addr_t start = (first + skip) * 4u;
	uint32_t room = window->start + window->size - start;

	if (window->app_bytes > room || window->kernel_bytes > room - window->app_bytes)
		return false;

	uint32_t need = window->app_bytes + window->kernel_bytes;
	uint32_t extra = lacking(need, window->granule);
	uint32_t size = extra > room - need ? room : need + extra;

	placement->start = start;
	placement->size = size - size % 8u;
	return placement->size >= need;
}
