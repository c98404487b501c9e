/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "arm.h"
#include "kernel/log.h"

#include <stddef.h>

_Static_assert(offsetof(struct arch_context, psp) == ARM_CONTEXT_PSP, "entry.S has it there");
_Static_assert(offsetof(struct arch_context, pc) == ARM_CONTEXT_PSP + 4, "entry.S has it there");
_Static_assert(offsetof(struct arch_context, late) == ARM_CONTEXT_PSP + 8, "entry.S has it there");
_Static_assert(offsetof(struct arch_context, result) == ARM_CONTEXT_RESULT, "entry.S has it there");
_Static_assert(ARCH_INITIAL_BREAK >= ARM_FRAME_WORDS * sizeof(uint32_t), "the first frame");

struct arch_context *arm_current;
struct arch_context arm_nobody;

static bool is_live(const struct arch_context *context)
{
	return context == arm_current;
}

static uptr_t live_psp(void)
{
	uptr_t psp;

	__asm__ volatile("mrs %0, psp" : "=r"(psp));
	return psp;
}

/* kernel.ld: what a system call in the fast path puts into the frame when it returns. */
extern ureg_t arm_svc_registers[4];

void arch_context_init(struct arch_context *context, const struct arch_start *start)
{
	uptr_t psp = start->app_break - ARM_FRAME_WORDS * (uint32_t)sizeof(uint32_t);
	uint32_t *frame = arch_kernel_pointer(psp);

	frame[ARM_FRAME_R0] = start->app_start;
	frame[ARM_FRAME_R1] = start->ram_start;
	frame[ARM_FRAME_R2] = start->ram_length;
	frame[ARM_FRAME_R3] = start->app_break;
	frame[ARM_FRAME_R12] = 0;
	frame[ARM_FRAME_LR] = 0;
	frame[ARM_FRAME_PC] = start->entry & ~1u;
	frame[ARM_FRAME_XPSR] = ARM_XPSR_THUMB;
	/* A process that restarts itself is not to be saved over its new life. */
	if (is_live(context))
		arm_current = &arm_nobody;
	*context = (struct arch_context){.psp = psp, .pc = start->entry & ~1u};
}

bool arch_context_set_results(struct arch_context *context, const ureg_t result[3])
{
	context->late = 0;
	if (!is_live(context))
		return arm_frame_results(context->psp, result);
	for (uint32_t i = 0; i < 3; i++)
		arm_svc_registers[i] = result[i];
	return true;
}

bool arch_context_push_upcall(struct arch_context *context, uptr_t function,
			      const ureg_t argument[4])
{
	context->late = 0;
	context->pc = function & ~1u;
	if (!is_live(context))
		return arm_frame_upcall(context->psp, function, argument);
	for (uint32_t i = 0; i < 4; i++)
		arm_svc_registers[i] = argument[i];
	return arm_frame_upcall(live_psp(), function, argument);
}

uptr_t arch_context_pc(const struct arch_context *context)
{
	uptr_t pc;

	if (!is_live(context))
		return context->pc;
	if (!arch_user_read(&pc, live_psp() + ARM_FRAME_PC * (uint32_t)sizeof(uint32_t),
			    sizeof(pc)))
		return 0;
	return pc;
}

/* Without a frame the stack pointer is where one was tried. */
uptr_t arch_context_sp(const struct arch_context *context)
{
	uptr_t psp = is_live(context) ? live_psp() : context->psp;

	if (arch_context_pc(context) == 0)
		return psp;
	return psp + ARM_FRAME_WORDS * (uint32_t)sizeof(uint32_t);
}

void arch_context_log(const struct arch_context *context)
{
	const ureg_t *r = context->r4_to_r11;

	log_print("  r4  %08x  r5  %08x  r6  %08x  r7  %08x\r\n", r[0], r[1], r[2], r[3]);
	log_print("  r8  %08x  r9  %08x  r10 %08x  r11 %08x\r\n", r[4], r[5], r[6], r[7]);
	log_print("  sp  %08x  pc  %08x\r\n", arch_context_sp(context), arch_context_pc(context));
}
