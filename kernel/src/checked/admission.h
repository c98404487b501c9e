/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Private to the kernel. */
#ifndef KERNEL_CHECKED_ADMISSION_H
#define KERNEL_CHECKED_ADMISSION_H

#include "kernel/app_check.h"
#include "trusted/types.h"

/* A binary was accepted: it may be loaded from its address, as this, while its header stays. */
void admission_note(const struct app_binary *binary, const struct app_identity *identity);

/* What stands as the checksum in the header there: that of another binary is another one. */
uint32_t app_binary_sum(uptr_t start);

/* A check under way of a binary that overlaps [start, start + length) fails. */
void app_check_spoil(uptr_t start, uint32_t length);
bool app_binary_overlaps(const struct app_binary *binary, uptr_t start, uint32_t length);

/* app_check_start() for the kernel itself. */
enum error app_check_queue(struct app_check *check) MUST_CHECK;

#endif
