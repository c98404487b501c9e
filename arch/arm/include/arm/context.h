/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What Cortex-M keeps of a process and of a fault; for arch_types.h.
 */
#ifndef ARM_CONTEXT_H
#define ARM_CONTEXT_H

#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

/* The words that the hardware stacks on exception entry (ARMv7-M, B1.5.6). */
enum arm_frame_word {
	ARM_FRAME_R0,
	ARM_FRAME_R1,
	ARM_FRAME_R2,
	ARM_FRAME_R3,
	ARM_FRAME_R12,
	ARM_FRAME_LR,
	ARM_FRAME_PC,
	ARM_FRAME_XPSR,
	ARM_FRAME_WORDS,
};

/*
 * A process that does not run. The rest of its registers is in the frame on its
 * own stack, which is read and written with its own rights only. entry.S knows
 * the layout.
 */
struct arch_context {
	ureg_t r4_to_r11[8];
	uptr_t psp;
	uptr_t pc;     /* for reports; the frame counts */
	uint32_t late; /* not 0: `result` is still to go into the frame's r0-r3 */
	ureg_t result[4];
};

/*
 * Where a process's break stands at first: its first frame lies below, and its
 * crt0 finds the stack pointer there.
 */
enum { ARCH_INITIAL_BREAK = 32 };

struct arch_fault {
	uint32_t exception; /* number of the vector */
	uint32_t cfsr, hfsr, sfsr;
	uptr_t address; /* that it was about, where has_address */
	uint32_t frame[ARM_FRAME_WORDS];
	bool has_address;
	bool has_frame; /* false: it could not be stacked, or not be read */
};

#endif
