/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "hostile.h"

/* An upcall may run within a yield, so everything that a function may clobber is. */
struct answer sys(uint32_t class_number, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	register uint32_t a0 __asm__("a0") = a;
	register uint32_t a1 __asm__("a1") = b;
	register uint32_t a2 __asm__("a2") = c;
	register uint32_t a3 __asm__("a3") = d;
	register uint32_t a4 __asm__("a4") = class_number;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)
			 :
			 : "memory", "ra", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5",
			   "t6");
	return (struct answer){{a0, a1, a2, a3}};
}
