/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* System call traps for RISC-V (TRD104, section 3.1): class in a4. */
#ifndef DETENT_ARCH_RISCV_H
#define DETENT_ARCH_RISCV_H

/* The kernel preserves every register but a0-a3. */
static ALWAYS_INLINE struct syscall_words syscall_trap(enum syscall_class class,
						       struct syscall_words in)
{
	register uintptr_t a0 __asm__("a0") = in.word[0];
	register uintptr_t a1 __asm__("a1") = in.word[1];
	register uintptr_t a2 __asm__("a2") = in.word[2];
	register uintptr_t a3 __asm__("a3") = in.word[3];
	register uintptr_t a4 __asm__("a4") = (uintptr_t) class;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3) : "r"(a4) : "memory");
	return (struct syscall_words){{a0, a1, a2, a3}};
}

/* An upcall is a C function: what C may clobber is lost, the return address too. */
static ALWAYS_INLINE struct syscall_words syscall_yield(struct syscall_words in)
{
	register uintptr_t a0 __asm__("a0") = in.word[0];
	register uintptr_t a1 __asm__("a1") = in.word[1];
	register uintptr_t a2 __asm__("a2") = in.word[2];
	register uintptr_t a3 __asm__("a3") = in.word[3];
	register uintptr_t a4 __asm__("a4") = SYSCALL_YIELD;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)
			 :
			 : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a5", "a6",
			   "a7");
	return (struct syscall_words){{a0, a1, a2, a3}};
}

#endif
