/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "abi/fault_record.h"
#include "arch_host.h"
#include "kernel/log.h"

enum { FRAME = 32 /* bytes that an upcall needs below sp, where it needs any */ };

void arch_context_init(struct arch_context *context, const struct arch_start *start)
{
	*context = (struct arch_context){
		.r = {start->app_start, start->ram_start, start->ram_length, start->app_break},
		.pc = start->entry,
		.sp = start->app_break,
		.life = context->life + 1,
	};
	oracle_born(context, start);
}

static bool stack_is_own(const struct arch_context *context)
{
	const struct arch_mpu *mpu = host_loaded_plan();

	if (!host_hardware.upcalls_need_stack)
		return true;
	return mpu != NULL && context->sp >= mpu->ram_start && context->sp <= mpu->ram_end &&
	       context->sp - mpu->ram_start >= FRAME;
}

bool arch_context_set_results(struct arch_context *context, const ureg_t result[3])
{
	if (!stack_is_own(context))
		return false;
	for (uint32_t i = 0; i < 3; i++)
		context->r[i] = result[i];
	return true;
}

bool arch_context_push_upcall(struct arch_context *context, uptr_t function,
			      const ureg_t argument[4])
{
	oracle_upcall(context, function, argument);
	if (!stack_is_own(context))
		return false;
	context->lr = context->pc;
	context->pc = function;
	context->upcall_pushed = true;
	for (uint32_t i = 0; i < 4; i++)
		context->r[i] = argument[i];
	return true;
}

uptr_t arch_context_pc(const struct arch_context *context)
{
	return context->pc;
}

uptr_t arch_context_sp(const struct arch_context *context)
{
	return context->sp;
}

void arch_context_log(const struct arch_context *context)
{
	const ureg_t *r = context->r;

	log_print("  r0 %08x r1 %08x r2 %08x r3 %08x\r\n", r[0], r[1], r[2], r[3]);
	log_print("  sp %08x pc %08x\r\n", context->sp, context->pc);
}

void arch_fault_log(const struct arch_fault *fault)
{
	if (fault->cause == ARCH_FAULT_MEMORY)
		log_print("no access to 0x%08x\r\n", fault->address);
	else
		log_print("illegal instruction\r\n");
}

bool arch_fault_address(const struct arch_fault *fault, uptr_t *address)
{
	*address = fault->address;
	return fault->cause == ARCH_FAULT_MEMORY;
}

void arch_fault_record(struct fault_record *record, const struct arch_context *context,
		       const struct arch_fault *fault)
{
	if (fault != NULL) {
		record->cause[0] = fault->cause;
		record->cause[1] = fault->address;
		record->cause[2] = fault->pc;
	}
	if (context == NULL)
		return;
	record->register_count = 4;
	for (uint32_t i = 0; i < 4; i++)
		record->registers[i] = context->r[i];
}
