/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Faults: refused accesses that entry.S and user_access.S expect, misbehaving
 * processes, and bugs of the kernel.
 */
#include "abi/fault_record.h"
#include "arm.h"
#include "arm/scs.h"
#include "kernel/log.h"
#include "trusted/kernel.h"
#include "trusted/linker.h"

#include <stddef.h>

enum {
	CFSR_IACCVIOL = 1 << 0,
	CFSR_DACCVIOL = 1 << 1,
	CFSR_MUNSTKERR = 1 << 3,
	CFSR_MSTKERR = 1 << 4,
	CFSR_MMARVALID = 1 << 7,
	CFSR_IBUSERR = 1 << 8,
	CFSR_PRECISERR = 1 << 9,
	CFSR_IMPRECISERR = 1 << 10,
	CFSR_UNSTKERR = 1 << 11,
	CFSR_STKERR = 1 << 12,
	CFSR_BFARVALID = 1 << 15,
	CFSR_UNDEFINSTR = 1 << 16,
	CFSR_INVSTATE = 1 << 17,
	CFSR_INVPC = 1 << 18,
	CFSR_NOCP = 1 << 19,
	CFSR_STKOF = 1 << 20,
	CFSR_UNALIGNED = 1 << 24,
	CFSR_DIVBYZERO = 1 << 25,

	CFSR_NO_FRAME = CFSR_MSTKERR | CFSR_STKERR,
};

/* An instruction that may be refused, and where to go on. asm.h makes them. */
struct fixup {
	uint32_t refused, resume;
};

extern const struct fixup linker_fixups_start[], linker_fixups_end[];

/* Why the latest such instruction was refused. */
static struct arch_fault refusal;

/* Reads the status registers, and clears them for the next fault. */
static void status_take(struct arch_fault *fault)
{
	uint32_t cfsr = SCS_SCB->cfsr;

	*fault = (struct arch_fault){
		.exception = arm_ipsr(),
		.cfsr = cfsr,
		.hfsr = SCS_SCB->hfsr,
		.sfsr = arm_secure_fault_take(),
		.address = (cfsr & CFSR_MMARVALID) != 0 ? SCS_SCB->mmfar : SCS_SCB->bfar,
		.has_address = (cfsr & (CFSR_MMARVALID | CFSR_BFARVALID)) != 0,
	};
	SCS_SCB->cfsr = cfsr;
	SCS_SCB->hfsr = fault->hfsr;
}

/* Where the frame of a process is, unless it could not be written or be read. */
static void frame_take(struct arch_fault *fault, uptr_t psp)
{
	fault->has_frame = (fault->cfsr & CFSR_NO_FRAME) == 0 &&
			   arch_user_read(fault->frame, psp, sizeof(fault->frame));
	if (fault->has_frame || fault->has_address)
		return;
	fault->address = psp;
	fault->has_address = true;
}

/*
 * The exception that could not be stacked, an SVC perhaps, is still pending and
 * must not be taken for the next process. A second fault of the same moment finds
 * nobody and ends here.
 */
void arm_process_fault(struct arch_context *context)
{
	struct arch_fault fault;

	status_take(&fault);
	if (fault.cfsr == 0 && fault.hfsr == 0 && fault.sfsr == 0)
		fault = refusal;
	frame_take(&fault, context->psp);
	context->pc = fault.has_frame ? fault.frame[ARM_FRAME_PC] : 0;
	SCS_SCB->shcsr &= ~(uint32_t)SHCSR_SVCALLPENDED;
	SCS_SCB->icsr = ICSR_PENDSVSET;
	arm_current = &arm_nobody;
	if (context != &arm_nobody)
		kernel_process_fault((struct process *)(void *)context, &fault);
}

static const struct fixup *find_fixup(uint32_t pc)
{
	for (const struct fixup *fixup = linker_fixups_start; fixup != linker_fixups_end; fixup++)
		if (fixup->refused == pc)
			return fixup;
	return NULL;
}

/* Whether the whole frame lies in the kernel's stack. */
static bool is_in_stack(const uint32_t *frame)
{
	uptr_t address = arch_address_of(frame);

	return address > arch_address_of(linker_stack_start) &&
	       address <= arch_address_of(linker_stack_end) - ARM_FRAME_WORDS * sizeof(*frame);
}

void arm_kernel_fault(uint32_t *frame)
{
	struct arch_fault fault;

	status_take(&fault);
	if (!is_in_stack(frame))
		kernel_fatal("the kernel's stack overflowed", &fault);

	const struct fixup *fixup = find_fixup(frame[ARM_FRAME_PC]);

	if (fixup != NULL) {
		refusal = fault;
		frame[ARM_FRAME_PC] = fixup->resume;
		return;
	}
	for (uint32_t i = 0; i < ARM_FRAME_WORDS; i++)
		fault.frame[i] = frame[i];
	fault.has_frame = true;
	kernel_fatal("the kernel itself faulted", &fault);
}

void arm_unexpected(void)
{
	struct arch_fault fault;

	status_take(&fault);
	kernel_fatal("an exception came that nobody handles", &fault);
}

struct cause {
	uint32_t bit;
	const char *text;
};

/* The first that applies counts. */
static const struct cause causes[] = {
	{CFSR_MSTKERR | CFSR_STKERR,
	 "its stack pointer was outside its memory when an exception came"},
	{CFSR_MUNSTKERR | CFSR_UNSTKERR, "its stack pointer is outside its memory"},
	{CFSR_IACCVIOL, "it ran into memory that it may not execute"},
	{CFSR_DACCVIOL, "it was refused a data access"},
	{CFSR_IBUSERR, "it ran into memory that does not exist"},
	{CFSR_PRECISERR, "it accessed memory that does not exist or is the system's"},
	{CFSR_IMPRECISERR, "a write of it failed some instructions ago"},
	{CFSR_UNDEFINSTR, "undefined instruction"},
	{CFSR_INVSTATE, "jump to an address without the Thumb bit"},
	{CFSR_INVPC, "its exception frame is damaged"},
	{CFSR_NOCP, "floating-point or coprocessor instruction: build with -mfloat-abi=soft"},
	{CFSR_STKOF, "stack limit"},
	{CFSR_UNALIGNED, "unaligned access"},
	{CFSR_DIVBYZERO, "division by zero"},
};

static const char *cause_text(const struct arch_fault *fault)
{
	for (uint32_t i = 0; i < ARRAY_LENGTH(causes); i++)
		if ((fault->cfsr & causes[i].bit) != 0)
			return causes[i].text;
	if (fault->sfsr != 0)
		return "it tried to leave the secure state";
	if (fault->hfsr != 0)
		return "breakpoint instruction";
	return "unknown cause";
}

void arch_fault_log(const struct arch_fault *fault)
{
	const uint32_t *frame = fault->frame;

	log_print("%s", cause_text(fault));
	if (fault->has_address)
		log_print(" at 0x%08x", fault->address);
	log_print(" (exception %u, cfsr 0x%08x)\r\n", fault->exception, fault->cfsr);
	if (!fault->has_frame)
		return;
	log_print("  r0  %08x  r1  %08x  r2  %08x  r3  %08x\r\n", frame[ARM_FRAME_R0],
		  frame[ARM_FRAME_R1], frame[ARM_FRAME_R2], frame[ARM_FRAME_R3]);
	log_print("  r12 %08x  lr  %08x  pc  %08x  psr %08x\r\n", frame[ARM_FRAME_R12],
		  frame[ARM_FRAME_LR], frame[ARM_FRAME_PC], frame[ARM_FRAME_XPSR]);
}

bool arch_fault_address(const struct arch_fault *fault, uptr_t *address)
{
	*address = fault->address;
	return fault->has_address;
}

/* Places in fault_record.registers. */
enum {
	RECORD_R4 = 4,
	RECORD_R12 = 12,
	RECORD_SP,
	RECORD_LR,
	RECORD_PC,
	RECORD_XPSR,
	RECORD_REGISTERS,
};

void arch_fault_record(struct fault_record *record, const struct arch_context *context,
		       const struct arch_fault *fault)
{
	uint32_t *registers = record->registers;

	record->arch = arm_fault_record_arch;
	if (context != NULL) {
		for (uint32_t i = 0; i < ARRAY_LENGTH(context->r4_to_r11); i++)
			registers[RECORD_R4 + i] = context->r4_to_r11[i];
		registers[RECORD_SP] = arch_context_sp(context);
		registers[RECORD_PC] = arch_context_pc(context);
		record->register_count = RECORD_REGISTERS;
	}
	if (fault == NULL)
		return;
	record->cause[0] = fault->cfsr;
	record->cause[1] = fault->address;
	record->cause[2] = fault->hfsr;
	if (!fault->has_frame)
		return;
	for (uint32_t i = ARM_FRAME_R0; i <= ARM_FRAME_R3; i++)
		registers[i] = fault->frame[i];
	registers[RECORD_R12] = fault->frame[ARM_FRAME_R12];
	registers[RECORD_LR] = fault->frame[ARM_FRAME_LR];
	registers[RECORD_PC] = fault->frame[ARM_FRAME_PC];
	registers[RECORD_XPSR] = fault->frame[ARM_FRAME_XPSR];
	record->register_count = RECORD_REGISTERS;
}
