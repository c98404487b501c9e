/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Numbers of the system call interface. Source: Tock TRD104 (System Calls),
 * sections 3 and 4, and the userspace-readable allow TRD for class 7.
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

/* Class numbers: the SVC immediate on Arm, register a4 on RISC-V. */
enum syscall_class {
	SYSCALL_YIELD = 0,
	SYSCALL_SUBSCRIBE = 1,
	SYSCALL_COMMAND = 2,
	SYSCALL_ALLOW_RW = 3,
	SYSCALL_ALLOW_RO = 4,
	SYSCALL_MEMOP = 5,
	SYSCALL_EXIT = 6,
	SYSCALL_ALLOW_UR = 7, /* userspace-readable allow */
};

/* First argument of class 0. */
enum yield_number {
	YIELD_NO_WAIT = 0,
	YIELD_WAIT = 1,
	YIELD_WAIT_FOR = 2,
};

/* First argument of class 6. */
enum exit_number {
	EXIT_TERMINATE = 0,
	EXIT_RESTART = 1,
};

/* First argument of class 5. */
enum memop_number {
	MEMOP_BRK = 0,
	MEMOP_SBRK = 1,
	MEMOP_RAM_START = 2,
	MEMOP_RAM_END = 3,
	MEMOP_FLASH_START = 4,
	MEMOP_FLASH_END = 5,
	MEMOP_GRANT_START = 6,
	MEMOP_FLASH_REGIONS = 7,
	MEMOP_FLASH_REGION_START = 8,
	MEMOP_FLASH_REGION_END = 9,
	MEMOP_STACK_TOP = 10,
	MEMOP_HEAP_START = 11,
	MEMOP_WINDOWS = 12, /* 12 to 15: of OpenSK's kernel patches */
	MEMOP_WINDOW_START = 13,
	MEMOP_WINDOW_LENGTH = 14,
	MEMOP_WINDOW_TYPE = 15,
};

/* First word of every return but that of yield and of exit. */
enum syscall_variant {
	SYSCALL_FAILURE = 0,
	SYSCALL_FAILURE_U32 = 1,
	SYSCALL_FAILURE_2_U32 = 2,
	SYSCALL_FAILURE_U64 = 3,
	SYSCALL_SUCCESS = 128,
	SYSCALL_SUCCESS_U32 = 129,
	SYSCALL_SUCCESS_2_U32 = 130,
	SYSCALL_SUCCESS_U64 = 131,
	SYSCALL_SUCCESS_3_U32 = 132,
	SYSCALL_SUCCESS_U32_U64 = 133,
};

/* The kernel version that applications ask for in TBF TLV 8. */
enum kernel_abi_version {
	KERNEL_ABI_MAJOR = 2,
	KERNEL_ABI_MINOR = 2,
};

#endif
