/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The widths of the system call interface: TRD104 defines it for 32 bits. A
 * 64-bit port changes these two lines.
 */
#ifndef TRUSTED_TYPES_H
#define TRUSTED_TYPES_H

#include <stdint.h>

/* An address as a process told it: an allegation, never dereferenced. */
typedef uint32_t uptr_t;

/* A register of a process. */
typedef uint32_t ureg_t;

#endif
