/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fiber.h"

#include "poison.h"

#include <pthread.h>
#include <stdint.h>

#ifdef HOST_ASAN
#include <sanitizer/common_interface_defs.h>
#define LEAVING(save, to) __sanitizer_start_switch_fiber((save), (to)->stack, (to)->size)
#define ARRIVED(fake) __sanitizer_finish_switch_fiber((fake), NULL, NULL)
#else
#define LEAVING(save, to) ((void)(save), (void)(to))
#define ARRIVED(fake) ((void)(fake))
#endif

/* The bounds of the stack that the program was started on. */
static void find_own_stack(struct fiber *fiber)
{
	pthread_attr_t attributes;
	void *stack = NULL;

	if (fiber->stack != NULL || pthread_getattr_np(pthread_self(), &attributes) != 0)
		return;
	if (pthread_attr_getstack(&attributes, &stack, &fiber->size) == 0)
		fiber->stack = stack;
	pthread_attr_destroy(&attributes);
}

/* makecontext() hands over integers only. */
static void begin(unsigned int low, unsigned int high)
{
	fiber_main *main = (fiber_main *)((uintptr_t)high << 32 | low);

	ARRIVED(NULL);
	main();
}

void fiber_init(struct fiber *fiber, void *stack, size_t size, fiber_main *main)
{
	uintptr_t address = (uintptr_t)main;

	*fiber = (struct fiber){.stack = stack, .size = size};
	getcontext(&fiber->context);
	fiber->context.uc_stack.ss_sp = stack;
	fiber->context.uc_stack.ss_size = size;
	fiber->context.uc_link = NULL;
	makecontext(&fiber->context, (void (*)(void))begin, 2, (unsigned int)address,
		    (unsigned int)(address >> 32));
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
	find_own_stack(from);
	LEAVING(&from->fake_stack, to);
	swapcontext(&from->context, &to->context);
	ARRIVED(from->fake_stack);
}

void fiber_leave(struct fiber *from, struct fiber *to)
{
	(void)from;
	LEAVING(NULL, to);
	setcontext(&to->context);
}
