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

/* What lies at `offset` of a region of `size` bytes; offset <= size. */
void app_region_at(const uint8_t *region, uint32_t size, uint32_t offset,
		   struct app_region_item *item);

#endif
