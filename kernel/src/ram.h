/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which application RAM is free. Private to the kernel. */
#ifndef KERNEL_RAM_H
#define KERNEL_RAM_H

#include "trusted/arch.h"

#include <stdbool.h>

/*
 * A place for a process with `app_bytes` of its own and `kernel_bytes` above
 * them; at the address `fixed` where that is not 0. False: there is none; then
 * `placement` is the largest gap, or the one at the fixed address (size 0: that
 * address is taken or is not application RAM).
 */
bool ram_find(struct arch_placement *placement, uint32_t app_bytes, uint32_t kernel_bytes,
	      uptr_t fixed) MUST_CHECK;

#endif
