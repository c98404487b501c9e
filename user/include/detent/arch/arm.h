/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* System call traps for Cortex-M (TRD104, section 3.1): class in the SVC immediate. */
#ifndef DETENT_ARCH_ARM_H
#define DETENT_ARCH_ARM_H

/* The kernel preserves every register but r0-r3. */
static ALWAYS_INLINE struct syscall_words syscall_trap(enum syscall_class class,
						       struct syscall_words in)
{
	register uintptr_t r0 __asm__("r0") = in.word[0];
	register uintptr_t r1 __asm__("r1") = in.word[1];
	register uintptr_t r2 __asm__("r2") = in.word[2];
	register uintptr_t r3 __asm__("r3") = in.word[3];

	__asm__ volatile("svc %4"
			 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			 : "i"((int)class)
			 : "memory");
	return (struct syscall_words){{r0, r1, r2, r3}};
}

/* An upcall is a C function: what C may clobber is lost, the return address too. */
static ALWAYS_INLINE struct syscall_words syscall_yield(struct syscall_words in)
{
	register uintptr_t r0 __asm__("r0") = in.word[0];
	register uintptr_t r1 __asm__("r1") = in.word[1];
	register uintptr_t r2 __asm__("r2") = in.word[2];
	register uintptr_t r3 __asm__("r3") = in.word[3];

	__asm__ volatile("svc 0"
			 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			 :
			 : "memory", "r12", "lr", "cc");
	return (struct syscall_words){{r0, r1, r2, r3}};
}

#endif
