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

bool pmp_plan_range(pmp_addr_t start, pmp_addr_t end, enum pmp_rights rights,
		    struct pmp_range *range)
{
	if (start % 4u != 0 || end % 4u != 0 || start > end)
		return false;
	range->low = start / 4u;
	range->high = end / 4u;
	range->cfg_low = PMP_CFG_OFF;
	range->cfg_high = (uint8_t)(PMP_CFG_TOR + (unsigned int)rights);
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
