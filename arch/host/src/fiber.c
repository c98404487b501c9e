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

/* Saves what a C function must keep below sp, and goes on with the other stack's. */
void fiber_swap(void **from, void *to);

/* Where a new fiber begins: its main function is in the first saved register. */
void fiber_first(void);

#if defined(__x86_64__)
enum { SAVED_WORDS = 7, MAIN_WORD = 0, RETURN_WORD = 6 };

__asm__(".text\n"
	".globl fiber_swap\n"
	"fiber_swap:\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	".globl fiber_first\n"
	"fiber_first:\n"
	"	mov %r15, %rdi\n"
	"	call fiber_begin\n"
	"	ud2\n");
#elif defined(__aarch64__)
enum { SAVED_WORDS = 20, MAIN_WORD = 0, RETURN_WORD = 11 };

__asm__(".text\n"
	".globl fiber_swap\n"
	"fiber_swap:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x2, sp\n"
	"	str x2, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".globl fiber_first\n"
	"fiber_first:\n"
	"	mov x0, x19\n"
	"	bl fiber_begin\n"
	"	brk #0\n");
#else
#error "arch/host knows the stacks of x86-64 and AArch64 only"
#endif

void fiber_begin(fiber_main *main);

void fiber_begin(fiber_main *main)
{
	ARRIVED(NULL);
	main();
}

/* The bounds of the stack that the program was started on. They are looked for once. */
static void find_own_stack(struct fiber *fiber)
{
	static void *stack;
	static size_t size;
	pthread_attr_t attributes;

	if (stack == NULL && pthread_getattr_np(pthread_self(), &attributes) == 0) {
		(void)pthread_attr_getstack(&attributes, &stack, &size);
		pthread_attr_destroy(&attributes);
	}
	fiber->stack = stack;
	fiber->size = size;
}

void fiber_init(struct fiber *fiber, void *stack, size_t size, fiber_main *main)
{
	uintptr_t top = ((uintptr_t)stack + size) / 16 * 16 - 64;
	uintptr_t *saved = (uintptr_t *)top - SAVED_WORDS;

	for (uint32_t i = 0; i < SAVED_WORDS; i++)
		saved[i] = 0;
	saved[MAIN_WORD] = (uintptr_t)main;
	saved[RETURN_WORD] = (uintptr_t)fiber_first;
	*fiber = (struct fiber){.sp = saved, .stack = stack, .size = size};
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
	if (from->stack == NULL)
		find_own_stack(from);
	LEAVING(&from->fake_stack, to);
	fiber_swap(&from->sp, to->sp);
	ARRIVED(from->fake_stack);
}

void fiber_leave(struct fiber *from, struct fiber *to)
{
	LEAVING(NULL, to);
	fiber_swap(&from->sp, to->sp);
}
