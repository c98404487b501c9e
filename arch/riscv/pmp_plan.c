/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmp_plan.h"

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

	pmp_addr_t beyond = need % step; /* words past the last multiple */
	pmp_addr_t extra = beyond == 0 ? 0 : step - beyond;

	if (extra > top - need)
		return top * 4u;
	return (need + extra) * 4u;
}
