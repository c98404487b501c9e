/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fake_region.h"

#include "kernel/app_loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t app_region_address(const struct cap_app_loading *cap)
{
	(void)cap;
	return fake_region.address;
}

uint32_t app_region_size(const struct cap_app_loading *cap)
{
	(void)cap;
	return fake_region.size;
}

static void demand(uint32_t offset, uint32_t length)
{
	if (offset <= fake_region.size && length <= fake_region.size - offset)
		return;
	printf("fake_region: %u bytes at %u are not all in the region\n", length, offset);
	abort();
}

void app_region_read(const struct cap_app_loading *cap, uint32_t offset, uint8_t *to,
		     uint32_t length)
{
	(void)cap;
	demand(offset, length);
	memcpy(to, fake_region.bytes + offset, length);
}

void app_region_look(const struct cap_app_loading *cap, uint32_t offset,
		     struct app_region_item *item)
{
	(void)cap;
	demand(offset, 0);
	app_region_at(fake_region.bytes, fake_region.size, offset, item);
}
