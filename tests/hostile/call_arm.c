/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "hostile.h"

/* An upcall may run within a yield, so everything that a function may clobber is. */
#define CALL(number)                                                                               \
	case number:                                                                               \
		__asm__ volatile("svc %4"                                                          \
				 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)                          \
				 : "i"(number)                                                     \
				 : "memory", "cc", "r12", "lr");                                   \
		break

struct answer sys(uint32_t class_number, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	register uint32_t r0 __asm__("r0") = a;
	register uint32_t r1 __asm__("r1") = b;
	register uint32_t r2 __asm__("r2") = c;
	register uint32_t r3 __asm__("r3") = d;

	switch (class_number) {
		CALL(0);
		CALL(1);
		CALL(2);
		CALL(3);
		CALL(4);
		CALL(5);
		CALL(6);
		CALL(7);
		CALL(8);
		CALL(200);
	default:
		CALL(255);
	}
	return (struct answer){{r0, r1, r2, r3}};
}
