/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmsav8_plan.h"

enum {
	RLAR_ENABLE = 1,   /* bit 0 */
	RLAR_ATTRINDX = 2, /* weight of bits 3:1, an index into MPU_MAIR0 */
};

/* What `value` lacks to a multiple of the grain. */
/*@ terminates \true;
    assigns \nothing;
    ensures value + \result == (value + 31) / 32 * 32;
    ensures 0 <= \result < 32;
*/
static uint32_t lacking(uint32_t value)
{
	uint32_t tail = value % PMSAV8_GRAIN;

	return tail == 0 ? 0 : PMSAV8_GRAIN - tail;
}

bool pmsav8_plan(const struct pmsav8_need *need, enum pmsav8_access access,
		 struct pmsav8_region *region, uint32_t *end)
{
	uint32_t extra = lacking(need->need_end);

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

bool pmsav8_place_ram(const struct pmsav8_window *window, struct pmsav8_placement *placement)
{
	uint32_t skip = lacking(window->start);
	uint32_t app_slack = lacking(window->app_bytes);
	uint32_t kernel_slack = lacking(window->kernel_bytes);

	if (skip > window->size || (window->is_fixed && skip != 0))
		return false;

	uint32_t room = window->size - skip;

	if (window->app_bytes > room || app_slack > room - window->app_bytes)
		return false;
	room -= window->app_bytes + app_slack;
	if (window->kernel_bytes > room || kernel_slack > room - window->kernel_bytes)
		return false;
	placement->start = window->start + skip;
	placement->size = window->app_bytes + app_slack + window->kernel_bytes + kernel_slack;
	return true;
}
