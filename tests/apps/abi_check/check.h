/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Counts checks. Nothing is printed until the end, so that the checks do not
 * disturb the console driver that some of them are about.
 */
#ifndef ABI_CHECK_H
#define ABI_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "detent/arch/syscall.h"
#include "detent/syscall.h"

/* One check. `what` must stay valid. */
void check(const char *what, bool passed);

/* A check that shows both values if they differ. */
void check_equal(const char *what, uintptr_t got, uintptr_t want);

/* The first `count` words of an answer must be `want`. */
void check_words(const char *what, struct syscall_words got, const uintptr_t *want,
		 unsigned int count);

/* Prints the failures and the line that the tests look for; the number failed. */
unsigned int check_report(void);

#define CHECK_ANSWER(what, got, ...)                                                               \
	check_words(what, got, (const uintptr_t[]){__VA_ARGS__},                                   \
		    sizeof((const uintptr_t[]){__VA_ARGS__}) / sizeof(uintptr_t))

/* A system call as it is, without any of the library. */
#define CALL(class, a, b, c, d)                                                                    \
	syscall_trap(class, (struct syscall_words){{(uintptr_t)(a), (uintptr_t)(b),                \
						    (uintptr_t)(c), (uintptr_t)(d)}})

enum {
	MISSING_DRIVER = 0x7ffffff0, /* no kernel has it */
	UNKNOWN_NUMBER = 0x5a5a,
};

/* Long enough, in ticks, that a short alarm has gone off and its upcall waits. */
void spin_ticks(uint32_t ticks);

/* An alarm of one tick whose upcall is pending when this returns; when it was due. */
uint32_t make_alarm_pending(void);

void check_commands(void);
void check_subscribe(void);
void check_yield(void);
void check_allow(void);
void check_memop(void);
void check_exit(void);
void check_registers(void);

#endif
