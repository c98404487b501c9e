/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The region of flash that applications are in: a row of TBF images, each
 * beginning where the one before ends. An erased or zeroed word ends the row. A
 * damaged header is stepped over: by its own total size where that leads to a
 * whole header, else by looking for the next one that is whole.
 */
#ifndef LIB_APP_REGION_H
#define LIB_APP_REGION_H

#include "lib/tbf.h"

#include <stdint.h>

enum app_region_kind {
	APP_REGION_END,     /* nothing more */
	APP_REGION_APP,     /* a whole header, enabled or not */
	APP_REGION_PADDING, /* a bare header: free space */
	APP_REGION_DAMAGED, /* to be stepped over */
};

struct app_region_item {
	enum app_region_kind kind;
	enum tbf_status status; /* what is wrong with a damaged one */
	uint32_t offset, next;  /* bytes from the start of the region */
	struct tbf_info info;   /* of an APP; of PADDING its total_size alone */
};

/*
 * What lies at `offset` of a region of `size` bytes; offset <= size. Whoever goes
 * from `next` to `next` comes to an end.
 */
/*@ requires size <= 0x7FFFFFFF && offset <= size;
    requires \valid_read(region + (0 .. size - 1)) && \valid(item);
    requires \separated(item, region + (0 .. size - 1));
    terminates \true;
    assigns *item;
    ensures item->offset == offset;
    ensures APP_REGION_END <= item->kind <= APP_REGION_DAMAGED;
    ensures item->kind == APP_REGION_END ==> item->next == offset;
    ensures item->kind != APP_REGION_END ==> offset < item->next <= size;
    ensures item->kind == APP_REGION_APP || item->kind == APP_REGION_PADDING ==>
	tbf_info_ok(&item->info, size - offset) && item->next == offset + item->info.total_size;
    ensures item->kind == APP_REGION_APP ==> !item->info.is_padding &&
	tbf_regions_ok(region + offset, &item->info);
*/
void app_region_at(const uint8_t *region, uint32_t size, uint32_t offset,
		   struct app_region_item *item);

#endif
