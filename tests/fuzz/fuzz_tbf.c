/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The parser of application headers and footers, on a buffer of exactly the input's size. */
#include "fuzz.h"

#include "lib/tbf.h"

#include <stdlib.h>
#include <string.h>

static void check(bool holds, const char *what)
{
	if (!holds)
		host_violation("%s", what);
}

static bool inside(uint64_t offset, uint64_t length, uint64_t size)
{
	return offset + length <= size;
}

static void check_info(const struct tbf_info *info, size_t length)
{
	check(info->header_size >= 16 && info->header_size <= info->total_size, "sizes");
	check(info->total_size <= length, "the image is inside");
	if (info->is_padding)
		return;
	check(inside(info->header_size, info->protected_size, info->binary_end_offset),
	      "protected");
	check((uint64_t)info->header_size + info->init_fn_offset < info->binary_end_offset,
	      "entry");
	check(info->binary_end_offset <= info->total_size, "end of the binary");
	check(inside(info->name.offset, info->name.length, info->header_size), "name");
	check(inside(info->permissions.offset, info->permissions.length, info->header_size),
	      "permissions");
	check(inside(info->storage_permissions.offset, info->storage_permissions.length,
		     info->header_size),
	      "storage permissions");
	check(inside(info->writeable_flash.offset, info->writeable_flash.length, info->header_size),
	      "writeable flash");
}

static void walk(const uint8_t *image, const struct tbf_info *info)
{
	uint32_t position = info->binary_end_offset;
	struct tbf_footer footer;
	struct tbf_region region;

	for (uint32_t i = 0; tbf_writeable_flash(image, info, i, &region); i++)
		check(inside(region.offset, region.size, info->total_size), "a writeable region");
	while (tbf_footer_next(image, info, &position, &footer) == TBF_OK)
		check(inside(footer.offset, footer.length, position) &&
			      position <= info->total_size,
		      "a footer");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	uint8_t *image = malloc(length + 1);
	struct tbf_info info;
	enum tbf_status status;

	if (image == NULL)
		return 0;
	memcpy(image + 1, bytes, length); /* at an odd address, and nothing behind it */
	status = tbf_parse(image + 1, (uint32_t)length, &info);
	check(tbf_status_text(status) != NULL, "a status has a text");
	check(info.total_size <= length, "what is skipped is inside");
	if (status == TBF_OK) {
		check_info(&info, length);
		if (!info.is_padding)
			walk(image + 1, &info);
		(void)tbf_kernel_version_ok(&info, KERNEL_ABI_MAJOR, KERNEL_ABI_MINOR);
	}
	free(image);
	return 0;
}
