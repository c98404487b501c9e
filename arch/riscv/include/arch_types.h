/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ARCH_RISCV_TYPES_H
#define ARCH_RISCV_TYPES_H

#include "trusted/types.h"

#include <stdint.h>

enum {
	RISCV_PC = 0, /* x0 needs no place: the program counter has it */
	RISCV_RA = 1,
	RISCV_SP = 2,
	RISCV_A0 = 10,
	RISCV_REGISTERS = 32,

	/* Bytes of RAM that a process has before it asks: one word, as its start expects. */
	ARCH_INITIAL_BREAK = 4,

	/* PMP entries 0 to 7 are for the process that runs: two make a range. */
	PMP_PROCESS_ENTRIES = 8,
	ARCH_WINDOWS = 2,
};

/* Registers by their x number; trap.S knows the layout. */
struct arch_context {
	ureg_t x[RISCV_REGISTERS];
};

/* Values of pmpaddr0.. and pmpcfg0.. for one process. */
struct arch_mpu {
	ureg_t address[PMP_PROCESS_ENTRIES];
	ureg_t config[PMP_PROCESS_ENTRIES /
		      sizeof(ureg_t)]; /* a byte an entry, as the CSRs have it */
	uptr_t ram_end;
};

struct arch_fault {
	ureg_t cause; /* mcause */
	ureg_t value; /* mtval */
	ureg_t pc;
};

#endif
