/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A binary that is to be checked, as bytes. Private to the kernel. */
#ifndef KERNEL_APP_BINARY_H
#define KERNEL_APP_BINARY_H

#include "kernel/app_check.h"
#include "lib/tbf.h"

/* Whether it lies within the region that applications are in. */
bool app_binary_ok(const struct app_binary *binary) MUST_CHECK;

/* tbf_parse() of it. TBF_TRUNCATED also where `head` is shorter than the header. */
enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info) MUST_CHECK;

/*
 * Copies bytes of it, those of `head` included; false: not all within `size`. It
 * must be one that app_binary_ok() takes.
 */
bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to,
		     uint32_t length) MUST_CHECK;

#endif
