/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The region that applications are in, for a machine where it is RAM instead of
 * flash. The kernel keeps itself from writing there; these two open it for the
 * length of a copy. From the main loop only.
 */
#ifndef TRUSTED_APP_MEMORY_H
#define TRUSTED_APP_MEMORY_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { APP_MEMORY_PAGE = 4096 }; /* bytes; a write does not cross a multiple of it */

/* Offsets count from the start of the region. False: not within it. */
bool app_memory_read(uint32_t offset, void *destination, size_t length) MUST_CHECK;
/* False: not within one page of it, or the hardware refused. */
bool app_memory_write(uint32_t offset, const void *source, size_t length) MUST_CHECK;
uint32_t app_memory_size(void);

#endif
