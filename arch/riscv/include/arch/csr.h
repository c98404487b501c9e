/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Access to control and status registers. `name` is what the assembler takes:
 * a register's name, or a number in 0..0xfff (also as a macro). Source of the
 * constants: The RISC-V Instruction Set Manual, Volume II, section 3.1.
 */
#ifndef ARCH_CSR_H
#define ARCH_CSR_H

#include <stdint.h>

/* mie and mip */
#define CSR_MIX_SOFTWARE ((uintptr_t)1 << 3)
#define CSR_MIX_TIMER ((uintptr_t)1 << 7)
#define CSR_MIX_EXTERNAL ((uintptr_t)1 << 11)

#define CSR_TEXT_(name) #name
#define CSR_TEXT(name) CSR_TEXT_(name)

/* The value, XLEN bits wide. */
#define csr_read(name)                                                                             \
	({                                                                                         \
		uintptr_t csr_value_;                                                              \
		__asm__ volatile("csrr %0, " CSR_TEXT(name) : "=r"(csr_value_));                   \
		csr_value_;                                                                        \
	})

#define csr_write(name, value)                                                                     \
	__asm__ volatile("csrw " CSR_TEXT(name) ", %0" : : "rK"((uintptr_t)(value)) : "memory")

/* Sets, or clears, the bits that are 1 in `bits`. */
#define csr_set(name, bits)                                                                        \
	__asm__ volatile("csrs " CSR_TEXT(name) ", %0" : : "rK"((uintptr_t)(bits)) : "memory")
#define csr_clear(name, bits)                                                                      \
	__asm__ volatile("csrc " CSR_TEXT(name) ", %0" : : "rK"((uintptr_t)(bits)) : "memory")

#endif
