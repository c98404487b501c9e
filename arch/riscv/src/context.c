/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "abi/fault_record.h"
#include "kernel/log.h"
#include "riscv.h"
#include "trusted/arch.h"
#include "trusted/kernel.h"
#include "trusted/linker.h"

#include <stddef.h>

/* kernel.ld: where trap.S keeps whose system call is being answered. */
extern struct arch_context *riscv_caller;

static struct arch_context nobody;

void arch_context_init(struct arch_context *context, const struct arch_start *start)
{
	/* The registers of a process that restarts itself are not for its next life. */
	if (riscv_caller == context)
		riscv_caller = &nobody;
	*context = (struct arch_context){{0}};
	context->x[RISCV_PC] = start->entry;
	context->x[RISCV_SP] = start->ram_start;
	context->x[RISCV_A0] = start->app_start;
	context->x[RISCV_A0 + 1] = start->ram_start;
	context->x[RISCV_A0 + 2] = start->ram_length;
	context->x[RISCV_A0 + 3] = start->app_break;
}

bool arch_context_set_results(struct arch_context *context, const ureg_t result[3])
{
	for (uint32_t i = 0; i < 3; i++)
		context->x[RISCV_A0 + i] = result[i];
	return true;
}

bool arch_context_push_upcall(struct arch_context *context, uptr_t function,
			      const ureg_t argument[4])
{
	context->x[RISCV_RA] = context->x[RISCV_PC];
	context->x[RISCV_PC] = function;
	for (uint32_t i = 0; i < 4; i++)
		context->x[RISCV_A0 + i] = argument[i];
	return true;
}

uptr_t arch_context_pc(const struct arch_context *context)
{
	return context->x[RISCV_PC];
}

uptr_t arch_context_sp(const struct arch_context *context)
{
	return context->x[RISCV_SP];
}

void arch_context_log(const struct arch_context *context)
{
	static const char name[RISCV_REGISTERS][4] = {
		"pc", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
		"a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
		"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
	};

	for (uint32_t i = 0; i < RISCV_REGISTERS; i++)
		log_print("%s%3s %08x%s", i % 4 == 0 ? " " : "  ", name[i], context->x[i],
			  i % 4 == 3 ? "\r\n" : "");
}

enum cause {
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_ACCESS = 7,
};

/* Privileged specification, table 3.6: exception codes of mcause. */
static const char *cause_text(ureg_t cause)
{
	static const char *const text[] = {
		[0] = "instruction address misaligned",
		[1] = "instruction access fault",
		[2] = "illegal instruction",
		[3] = "breakpoint",
		[4] = "load address misaligned",
		[CAUSE_LOAD_ACCESS] = "load access fault",
		[6] = "store address misaligned",
		[CAUSE_STORE_ACCESS] = "store access fault",
		[8] = "environment call",
		[11] = "environment call from the kernel",
		[12] = "instruction page fault",
		[13] = "load page fault",
		[15] = "store page fault",
	};

	if (cause >= ARRAY_LENGTH(text) || text[cause] == NULL)
		return "unknown cause";
	return text[cause];
}

void arch_fault_log(const struct arch_fault *fault)
{
	log_print("%s (mcause %u, mtval 0x%08x)\r\n", cause_text(fault->cause), fault->cause,
		  fault->value);
}

bool arch_fault_address(const struct arch_fault *fault, uptr_t *address)
{
	*address = fault->value;
	return fault->cause == CAUSE_LOAD_ACCESS || fault->cause == CAUSE_STORE_ACCESS;
}

void arch_fault_record(struct fault_record *record, const struct arch_context *context,
		       const struct arch_fault *fault)
{
	record->arch = FAULT_RECORD_RISCV;
	if (fault != NULL) {
		record->cause[0] = fault->cause;
		record->cause[1] = fault->value;
		record->cause[2] = fault->pc;
	}
	if (context == NULL)
		return;
	record->register_count = RISCV_REGISTERS;
	for (uint32_t i = 0; i < RISCV_REGISTERS; i++)
		record->registers[i] = context->x[i];
}

void riscv_process_fault(struct process *process, ureg_t cause, ureg_t value)
{
	/* A process begins with its context. */
	const struct arch_context *context = (const struct arch_context *)(const void *)process;
	const struct arch_fault fault = {cause, value, context->x[RISCV_PC]};

	kernel_process_fault(process, &fault);
}

void riscv_kernel_trap(ureg_t cause, ureg_t value, ureg_t pc, uptr_t stack)
{
	const struct arch_fault fault = {cause, value, pc};

	if (stack < arch_address_of(linker_stack_start))
		kernel_fatal("the kernel's stack overflowed", &fault);
	kernel_fatal("the kernel trapped", &fault);
}

void *arch_kernel_pointer(uptr_t address)
{
	return (void *)(uintptr_t)address;
}

uptr_t arch_address_of(const void *pointer)
{
	return (uptr_t)(uintptr_t)pointer;
}

void arch_clear(uptr_t start, uptr_t end)
{
	__builtin_memset(arch_kernel_pointer(start), 0, end - start);
}

void arch_idle(void)
{
	__asm__ volatile("wfi");
}
