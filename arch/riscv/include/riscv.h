/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a board on this architecture says of itself, and what assembly offers. */
#ifndef ARCH_RISCV_H
#define ARCH_RISCV_H

#include "lib/compiler.h"
#include "trusted/arch.h"

#include <stdbool.h>

/*
 * RISCV_PMP_GRANULE, from board.mk: to what multiple of bytes an open region is
 * rounded up where nothing else is near; at least the CPU's PMP grain. QEMU is
 * fast with 4096 only. RISCV_PMP_GRAIN: what the hardware can express.
 */
enum { RISCV_PMP_GRAIN = 4 };

/* The addresses of all devices, given by the board. */
struct riscv_range {
	uptr_t start, end;
};
extern const struct riscv_range riscv_devices;

/* Whether the kernel's protection is locked until a reset of the CPU. */
bool riscv_kernel_locked(void);

/* Starts the kernel anew without a reset of the CPU: locked protection stays. */
NORETURN void riscv_restart(void);

/* Whether CSR mseccfg exists. Clobbers mstatus.MPP. */
bool riscv_has_mseccfg(void);

/* From trap.S: a process faulted; the kernel itself trapped. */
void riscv_process_fault(struct process *process, ureg_t cause, ureg_t value);
NORETURN void riscv_kernel_trap(ureg_t cause, ureg_t value, ureg_t pc, uptr_t stack);

#endif
