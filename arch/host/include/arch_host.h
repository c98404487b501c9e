/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Between the host architecture and the test program that drives it
 * (docs/host-testing.md). The kernel runs on a stack of its own; whoever plays
 * the processes runs elsewhere and is asked for the next trap.
 */
#ifndef ARCH_HOST_H
#define ARCH_HOST_H

#include "lib/compiler.h"
#include "trusted/arch.h"
#include "trusted/linker.h"
#include "trusted/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Applications lie where make/host.mk puts the linker_* symbols: below 4 GiB, so
 * that an address has 32 bits there too.
 */
#define HOST_FLASH_START arch_address_of(linker_apps_start)
#define HOST_FLASH_END arch_address_of(linker_apps_end)
#define HOST_RAM_START arch_address_of(linker_app_ram_start)
#define HOST_RAM_END arch_address_of(linker_app_ram_end)

enum { HOST_PAGE = 4096 };

enum host_trap_kind {
	HOST_TRAP_SYSCALL,
	HOST_TRAP_FAULT,
	HOST_TRAP_INTERRUPT, /* something wants the main loop; the process goes on later */
};

/* Why a process stopped running. */
struct host_trap {
	enum host_trap_kind kind;
	uint32_t class_number; /* of a system call, and its registers */
	ureg_t r[4];
	struct arch_fault fault;
};

/* What the "hardware" can do; read at any time. */
struct host_hardware {
	uint32_t granule;        /* an open region ends at a multiple of it, a power of two */
	bool strict;             /* and is refused where that would be beyond its limit */
	bool upcalls_need_stack; /* as on Arm: 32 bytes below sp must be the process's own */
	uint32_t refuse_plans;   /* that many plans are refused */
};

extern struct host_hardware host_hardware;

/* What memory protection did, for tests. */
struct host_counters {
	uint32_t plans_loaded;
	uint32_t reads_refused, writes_refused, pokes_refused;
};

extern struct host_counters host_counters;

/* ---- given by the test program ---- */

/* Runs a process until it traps. */
void host_user_run(struct process *process, struct host_trap *trap);

/* Whether an address lies in memory of an application that was compiled for the host. */
bool host_is_compiled(uptr_t address);

/* The kernel has nothing to do: returns once an interrupt may be pending. */
void host_idle(void);

/* A promise of the kernel is broken: says so and ends the program. */
NORETURN void host_violation(const char *format, ...) PRINTF_LIKE(1, 2);

/* A system call returned, or left its process waiting; for traces. */
void host_traced(const struct process *process, const struct host_trap *trap, bool goes_on);

/* ---- the oracle: a second opinion on all that the kernel does to processes ---- */

/* Forgets everything, for a new start of the kernel. */
void oracle_reset(void);

/* A process begins a life. */
void oracle_born(const struct arch_context *context, const struct arch_start *start);

/* Before and after kernel_syscall(); `goes_on` is what it returned. */
void oracle_called(const struct process *process, const struct host_trap *trap);
void oracle_answered(const struct process *process, const struct host_trap *trap, bool goes_on);

/* kernel_next() chose this process. */
void oracle_chosen(const struct process *process);

/* An upcall is pushed onto the process. */
void oracle_upcall(const struct arch_context *context, uptr_t function, const ureg_t argument[4]);

/*
 * Between two system calls: every live loan, the plans of all processes and all that
 * they share with drivers say the same.
 */
void oracle_check_loans(void);

/* A plan comes into force; NULL: none is. */
void oracle_loaded(const struct arch_mpu *mpu);

/* The kernel copies from or to process memory with the process's rights. */
void oracle_copied(uptr_t address, size_t length, bool writes);

/* The kernel makes a pointer of its own from an address. */
void oracle_pointed(uptr_t address);

/* Whether a process under this plan (NULL: none) may do that. */
bool host_readable(const struct arch_mpu *mpu, uptr_t address, size_t length);
bool host_writable(const struct arch_mpu *mpu, uptr_t address, size_t length);

/* The plan in force; NULL: none. */
const struct arch_mpu *host_loaded_plan(void);

#endif
