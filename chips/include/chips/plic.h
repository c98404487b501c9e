/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Platform-level interrupt controller, context 0 (hart 0, machine mode).
 * Source: RISC-V Platform-Level Interrupt Controller Specification 1.0.0.
 */
#ifndef CHIPS_PLIC_H
#define CHIPS_PLIC_H

#include <stdint.h>

struct plic_registers;

struct plic {
	struct plic_registers *registers;
	uint32_t sources; /* the highest source number */
};

/* All sources off, threshold 0. 1 <= sources <= 1023. */
void plic_init(struct plic *plic, uintptr_t base, uint32_t sources);

/*
 * Lets a source through, with a priority >= 1 (higher goes first). Whoever
 * enables a source must silence its device in board_interrupt().
 * 1 <= source <= plic->sources.
 */
void plic_enable(struct plic *plic, uint32_t source, uint32_t priority);
void plic_disable(struct plic *plic, uint32_t source);

/* The most urgent pending source, now claimed; 0: none is pending. */
uint32_t plic_claim(struct plic *plic);

/* Ends what plic_claim() began. */
void plic_complete(struct plic *plic, uint32_t source);

#endif
