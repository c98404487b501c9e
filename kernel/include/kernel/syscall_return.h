/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a command returns to its process (TRD104, section 3.3). */
#ifndef KERNEL_SYSCALL_RETURN_H
#define KERNEL_SYSCALL_RETURN_H

#include "abi/error.h"
#include "abi/syscall.h"

#include <stdint.h>

/*
 * The variant and the first value, which fit two registers. Further values take
 * the place of the command's arguments, which the same registers brought.
 */
struct syscall_return {
	uint32_t variant; /* enum syscall_variant */
	uint32_t value;   /* an enum error for the failures */
};

static inline struct syscall_return syscall_failure(enum error error)
{
	return (struct syscall_return){SYSCALL_FAILURE, (uint32_t)error};
}

static inline struct syscall_return syscall_success(void)
{
	return (struct syscall_return){SYSCALL_SUCCESS, 0};
}

static inline struct syscall_return syscall_success_u32(uint32_t value)
{
	return (struct syscall_return){SYSCALL_SUCCESS_U32, value};
}

/* In these, `argument` is the array that the command was called with. */
static inline struct syscall_return syscall_failure_u32(uint32_t argument[2], enum error error,
							uint32_t value)
{
	argument[0] = value;
	return (struct syscall_return){SYSCALL_FAILURE_U32, (uint32_t)error};
}

static inline struct syscall_return syscall_success_2_u32(uint32_t argument[2], uint32_t first,
							  uint32_t second)
{
	argument[0] = second;
	return (struct syscall_return){SYSCALL_SUCCESS_2_U32, first};
}

static inline struct syscall_return syscall_success_u64(uint32_t argument[2], uint64_t value)
{
	argument[0] = (uint32_t)(value >> 32);
	return (struct syscall_return){SYSCALL_SUCCESS_U64, (uint32_t)value};
}

/* Success for E_OK, else Failure with the error. */
static inline struct syscall_return syscall_from_error(enum error error)
{
	return error == E_OK ? syscall_success() : syscall_failure(error);
}

#endif
