/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_RISCV_TYPES_H
#define ARCH_RISCV_TYPES_H

#include "trusted/types.h"

#ifndef RISCV_PMP_ENTRIES
#define RISCV_PMP_ENTRIES 16
#endif

#include <stdint.h>

enum {
	RISCV_PC = 0, /* x0 needs no place: the program counter has it */
	RISCV_RA = 1,
	RISCV_SP = 2,
	RISCV_A0 = 10,
	RISCV_REGISTERS = 32,

	/* Bytes of RAM that a process has before it asks: one word, as its start expects. */
	ARCH_INITIAL_BREAK = 4,

	/*
	 * PMP entries from 0 on are for the process that runs: two a window, three for its
	 * flash and two for its RAM. RISCV_PMP_ENTRIES, from board.mk, are those of the CPU.
	 */
	ARCH_WINDOWS = RISCV_PMP_ENTRIES < 16 ? 1 : 2,
	PMP_PROCESS_ENTRIES = 2 * ARCH_WINDOWS + 5,
	PMP_PROCESS_CONFIGS = (PMP_PROCESS_ENTRIES + sizeof(ureg_t) - 1) / sizeof(ureg_t),
};

/* Registers by their x number; trap.S knows the layout. */
struct arch_context {
	ureg_t x[RISCV_REGISTERS];
};

/* Values of pmpaddr0.. and pmpcfg0.. for one process. */
struct pmp_entries {
	ureg_t address[PMP_PROCESS_ENTRIES];
	/* A byte an entry; behind the process's own those of the kernel's that share a register. */
	_Alignas(ureg_t) uint8_t config[PMP_PROCESS_CONFIGS * sizeof(ureg_t)];
};

struct arch_mpu {
	struct pmp_entries entries;
	uptr_t ram_end;
};

struct arch_fault {
	ureg_t cause; /* mcause */
	ureg_t value; /* mtval */
	ureg_t pc;
};

#endif
