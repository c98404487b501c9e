/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_HOST_TYPES_H
#define ARCH_HOST_TYPES_H

#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of RAM that a process has before it asks: room for one upcall's frame. */
#define ARCH_INITIAL_BREAK 32u

/*
 * What a process keeps while it does not run. A pushed upcall stays in here until
 * the process runs again: then `pc` is its function and `r` its arguments.
 */
struct arch_context {
	ureg_t r[4];
	uptr_t pc, sp, lr;
	bool upcall_pushed;
	uint32_t life; /* how many lives were begun with this context */
};

enum { ARCH_WINDOWS = 2 };

/* As struct arch_window of trusted/arch.h, which comes after this. */
struct host_window {
	uptr_t start, end;
	uint8_t access;
};

/* What a process may touch, but for the windows: write [ram_start, ram_end), and read the others. */
struct arch_mpu {
	uptr_t flash_start, code_end, flash_end;
	uptr_t ram_start, ram_end;
	struct host_window windows[ARCH_WINDOWS]; /* equal ends: there is none */
};

enum arch_fault_cause {
	ARCH_FAULT_MEMORY = 1,  /* it touched what it may not; `address` says what */
	ARCH_FAULT_ILLEGAL = 2, /* an instruction that no process may execute */
};

struct arch_fault {
	uint32_t cause;
	uptr_t address;
	uptr_t pc;
};

#endif
