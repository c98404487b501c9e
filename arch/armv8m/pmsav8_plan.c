/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmsav8_plan.h"

enum {
	RLAR_ENABLE = 1,   /* bit 0 */
	RLAR_ATTRINDX = 2, /* weight of bits 3:1, an index into MPU_MAIR0 */
};

bool pmsav8_plan(const struct pmsav8_need *need, enum pmsav8_access access,
		 struct pmsav8_region *region, uint32_t *end)
{
	uint32_t tail = need->need_end % PMSAV8_GRAIN;
	uint32_t extra = tail == 0 ? 0 : PMSAV8_GRAIN - tail;

	if (need->start % PMSAV8_GRAIN != 0)
		return false;
	if (need->start > need->need_end || need->need_end > need->limit)
		return false;
	if (extra > need->limit - need->need_end)
		return false;

	uint32_t open_end = need->need_end + extra;

	*end = open_end;
	region->rbar = 0;
	region->rlar = 0;
	if (open_end == need->start)
		return true;
	region->rbar = need->start + (uint32_t)access;
	region->rlar = open_end - PMSAV8_GRAIN + RLAR_ENABLE +
		       (access == PMSAV8_FLASH ? RLAR_ATTRINDX : 0);
	return true;
}
