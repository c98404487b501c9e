/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Chooses the trap instruction. Each architecture's header gives:
 *
 *	syscall_trap(class, args)  any class whose return is in four registers;
 *	                           `class` must be a constant
 *	syscall_yield(args)        class 0: an upcall may run before it returns
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

#if defined(__riscv)
#include "detent/arch/riscv.h"
#elif defined(__arm__)
#include "detent/arch/arm.h"
#else
#error "no system call stubs for this architecture: build for rv32 or Cortex-M"
#endif

#endif
