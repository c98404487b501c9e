/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A binary that is to be checked, as bytes. Private to the kernel. */
#ifndef KERNEL_APP_BINARY_H
#define KERNEL_APP_BINARY_H

#include "kernel/app_check.h"
#include "lib/tbf.h"

/* Whether it lies within the region that applications are in. */
bool app_binary_ok(const struct app_binary *binary) MUST_CHECK;

/* tbf_parse() of it. */
enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info) MUST_CHECK;

/* Copies bytes of it, one that app_binary_ok() takes; false: not all are within `size`. */
bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to,
		     uint32_t length) MUST_CHECK;

#endif
