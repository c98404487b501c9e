/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/app_region.h"

#include "abi/tbf.h"
#include "lib/bytes.h"

#include <stdbool.h>

enum { SEARCH_HEADER_MAX = 1024 }; /* bytes of a header that is found behind a damaged one */

/*
 * Where a search may stop for a closer look. Whatever lies in a damaged region, the
 * look then takes at most one pass over SEARCH_HEADER_MAX bytes.
 */
/*@ requires size <= 0x7FFFFFFF && offset <= size;
    requires \valid_read(region + (0 .. size - 1));
    terminates \true;
    assigns \nothing;
    ensures \result ==> offset + 16 <= size;
*/
static bool may_begin_at(const uint8_t *region, uint32_t size, uint32_t offset)
{
	const uint8_t *image = region + offset;

	return size - offset >= TBF_BASE_SIZE && le16_load(image) == TBF_VERSION &&
	       le16_load(image + 2) <= SEARCH_HEADER_MAX;
}

/*@ requires size <= 0x7FFFFFFF && offset <= size;
    requires \valid_read(region + (0 .. size - 1));
    terminates \true;
    assigns \nothing;
*/
static bool whole_header_at(const uint8_t *region, uint32_t size, uint32_t offset)
{
	struct tbf_info info;

	return tbf_parse(region + offset, size - offset, &info) == TBF_OK;
}

/* Where to go on after a damaged header; `size` where nothing more is found. */
/*@ requires size <= 0x7FFFFFFF && offset < size;
    requires \valid_read(region + (0 .. size - 1));
    terminates \true;
    assigns \nothing;
    ensures offset < \result <= size;
*/
static uint32_t step_over(const uint8_t *region, uint32_t size, uint32_t offset, uint32_t claimed)
{
	if (claimed != 0 && claimed % TBF_TLV_ALIGN == 0 && claimed < size - offset &&
	    whole_header_at(region, size, offset + claimed))
		return offset + claimed;
	/*@ loop invariant offset < next <= size + TBF_TLV_ALIGN;
	    loop assigns next;
	    loop variant size + TBF_TLV_ALIGN - next;
	*/
	for (uint32_t next = offset + TBF_TLV_ALIGN; next < size; next += TBF_TLV_ALIGN)
		if (may_begin_at(region, size, next) && whole_header_at(region, size, next))
			return next;
	return size;
}

void app_region_at(const uint8_t *region, uint32_t size, uint32_t offset,
		   struct app_region_item *item)
{
	item->offset = offset;
	item->status = tbf_parse(region + offset, size - offset, &item->info);
	switch (item->status) {
	case TBF_END_OF_APPS:
		item->kind = APP_REGION_END;
		item->next = offset;
		break;
	case TBF_OK:
		item->kind = item->info.is_padding ? APP_REGION_PADDING : APP_REGION_APP;
		item->next = offset + item->info.total_size;
		break;
	default:
		item->kind = APP_REGION_DAMAGED;
		item->next = step_over(region, size, offset, item->info.total_size);
		break;
	}
}
