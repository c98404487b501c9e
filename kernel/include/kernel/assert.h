/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ASSERT() is for bugs of the kernel, never for bad input. It is always
 * compiled in and costs one compare, one branch and one trap instruction; the
 * fault handler reports the address, which names file and line.
 */
#ifndef KERNEL_ASSERT_H
#define KERNEL_ASSERT_H

#include "lib/compiler.h"

#define ASSERT(condition)                                                                          \
	do {                                                                                       \
		if (UNLIKELY(!(condition)))                                                        \
			__builtin_trap();                                                          \
	} while (0)

#endif
