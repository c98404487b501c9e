/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What trap.S is elsewhere: between the kernel and the process that runs. */
#include "arch_host.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"

void arch_init(void)
{
	arch_mpu_unload();
}

const char *arch_protection_name(void)
{
	return "a model of memory protection";
}

void arch_idle(void)
{
	host_idle();
}

/* True: the process goes straight on. */
static bool handle(struct process *process, struct host_trap *trap)
{
	bool goes_on;

	switch (trap->kind) {
	case HOST_TRAP_SYSCALL:
		for (uint32_t i = 0; i < 4; i++)
			process->context.r[i] = trap->r[i];
		oracle_called(process, trap);
		goes_on = kernel_syscall(process, process->context.r, trap->class_number);
		oracle_answered(process, trap, goes_on);
		host_traced(process, trap, goes_on);
		return goes_on && !chip_interrupt_pending();
	case HOST_TRAP_FAULT:
		kernel_process_fault(process, &trap->fault);
		return false;
	default:
		return false;
	}
}

void arch_run(void)
{
	for (;;) {
		struct process *process = kernel_next();
		struct host_trap trap;

		oracle_chosen(process);
		do
			host_user_run(process, &trap);
		while (handle(process, &trap));
	}
}
