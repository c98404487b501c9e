/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "user_range.h"

bool user_range_contains(const struct user_range *range, uptr_t base, uint32_t length)
{
	if (length == 0)
		return true;
	if (base < range->start || base > range->end)
		return false;
	/* a difference of two ordered addresses: cannot wrap, as a sum could */
	return length <= range->end - base;
}
