/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * System call "traps" of an application that runs on the host: found before the
 * userland's header of the same name, which has the trap instructions.
 */
#ifndef DETENT_ARCH_SYSCALL_H
#define DETENT_ARCH_SYSCALL_H

#include <stdint.h>

#include "abi/syscall.h"
#include "detent/compiler.h"

/* The four registers that go into a system call and come out of it. */
struct syscall_words {
	uintptr_t word[4];
};

/* Given by the harness; runs an upcall before it returns, where there is one. */
void host_stub(uint32_t class_number, uintptr_t words[4]);

static ALWAYS_INLINE struct syscall_words syscall_trap(enum syscall_class class,
						       struct syscall_words in)
{
	host_stub((uint32_t) class, in.word);
	return in;
}

static ALWAYS_INLINE struct syscall_words syscall_yield(struct syscall_words in)
{
	return syscall_trap(SYSCALL_YIELD, in);
}

#endif
