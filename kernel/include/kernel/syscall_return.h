/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a command returns to its process (TRD104, section 3.3). */
#ifndef KERNEL_SYSCALL_RETURN_H
#define KERNEL_SYSCALL_RETURN_H

#include "abi/error.h"
#include "abi/syscall.h"

#include <stdint.h>

/*
 * The variant in the low half and the first value in the high half. A scalar, for
 * both procedure call standards return 64 bits of it in two registers, whereas
 * Arm's (AAPCS32, section 6.4) returns a structure of that size through memory.
 * Further values take the place of the command's arguments, which the same
 * registers brought. Made by the functions below only.
 */
typedef uint64_t syscall_result;

/* The same, to be looked at. */
struct syscall_return {
	uint32_t variant; /* enum syscall_variant */
	uint32_t value;   /* an enum error for the failures */
};

static inline syscall_result syscall_pack(enum syscall_variant variant, uint32_t value)
{
	return (uint64_t)value << 32 | (uint32_t)variant;
}

static inline struct syscall_return syscall_unpack(syscall_result result)
{
	return (struct syscall_return){(uint32_t)result, (uint32_t)(result >> 32)};
}

static inline syscall_result syscall_failure(enum error error)
{
	return syscall_pack(SYSCALL_FAILURE, (uint32_t)error);
}

static inline syscall_result syscall_success(void)
{
	return syscall_pack(SYSCALL_SUCCESS, 0);
}

static inline syscall_result syscall_success_u32(uint32_t value)
{
	return syscall_pack(SYSCALL_SUCCESS_U32, value);
}

/* In these, `argument` is the array that the command was called with. */
static inline syscall_result syscall_failure_u32(uint32_t argument[2], enum error error,
						 uint32_t value)
{
	argument[0] = value;
	return syscall_pack(SYSCALL_FAILURE_U32, (uint32_t)error);
}

static inline syscall_result syscall_success_2_u32(uint32_t argument[2], uint32_t first,
						   uint32_t second)
{
	argument[0] = second;
	return syscall_pack(SYSCALL_SUCCESS_2_U32, first);
}

static inline syscall_result syscall_success_u64(uint32_t argument[2], uint64_t value)
{
	argument[0] = (uint32_t)(value >> 32);
	return syscall_pack(SYSCALL_SUCCESS_U64, (uint32_t)value);
}

/* Success for E_OK, else Failure with the error. */
static inline syscall_result syscall_from_error(enum error error)
{
	return error == E_OK ? syscall_success() : syscall_failure(error);
}

#endif
