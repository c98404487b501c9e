/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What is kept over a reset of the last fault, and what `detent explain` reads.
 * Little-endian words; docs/reference/fault-record.md describes it.
 */
#ifndef ABI_FAULT_RECORD_H
#define ABI_FAULT_RECORD_H

#include <stdint.h>

enum {
	FAULT_RECORD_MAGIC = 0x31464444, /* "DDF1" */
	FAULT_RECORD_REGISTERS = 32,
	FAULT_RECORD_RECENT = 4,
	FAULT_RECORD_NAME = 16,
};

enum fault_record_kind {
	FAULT_RECORD_PROCESS = 1, /* a process faulted */
	FAULT_RECORD_KERNEL = 2,  /* the kernel ended itself */
};

enum fault_record_arch {
	FAULT_RECORD_RISCV = 1,  /* registers: pc, x1 to x31 */
	FAULT_RECORD_ARMV7M = 2, /* registers: r0 to r12, sp, lr, pc, xpsr */
	FAULT_RECORD_ARMV8M = 3, /* the same */
};

struct fault_record {
	uint32_t magic;
	uint8_t kind;                 /* enum fault_record_kind */
	uint8_t arch;                 /* enum fault_record_arch */
	uint8_t slot;                 /* of the process; 255: none */
	uint8_t register_count;       /* of `registers` that count */
	uint32_t cause[3];            /* mcause, mtval, pc; or CFSR, MMFAR or BFAR, HFSR */
	char name[FAULT_RECORD_NAME]; /* of the package, cut; not always with a NUL */
	uint32_t flash_start, flash_end;
	uint32_t ram_start, app_break, grant_break, ram_end;
	uint32_t registers[FAULT_RECORD_REGISTERS];
	/*
	 * The last command, then the last system calls of other classes, oldest first:
	 * first argument, then second << 8 | class.
	 */
	uint32_t recent[FAULT_RECORD_RECENT][2];
	uint32_t crc; /* CRC-32 of all that is before it */
};

_Static_assert(sizeof(struct fault_record) <= 256, "the record is small enough to be read aloud");

#endif
