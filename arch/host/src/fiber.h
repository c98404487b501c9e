/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Stacks that hand the processor to each other. x86-64 and AArch64. */
#ifndef ARCH_HOST_FIBER_H
#define ARCH_HOST_FIBER_H

#include <stddef.h>

typedef void fiber_main(void);

struct fiber {
	void *sp;          /* while it does not run: its registers lie there */
	const void *stack; /* lowest address; NULL: the program's own stack, not looked at yet */
	size_t size;
	void *fake_stack; /* AddressSanitizer's */
};

/* `main` must not return. The stack belongs to the caller. */
void fiber_init(struct fiber *fiber, void *stack, size_t size, fiber_main *main);

/* Goes on with `to` until something switches back to `from`. */
void fiber_switch(struct fiber *from, struct fiber *to);

/* As fiber_switch(), but nothing will ever go back to `from`; may be called in a signal handler. */
void fiber_leave(struct fiber *from, struct fiber *to);

#endif
