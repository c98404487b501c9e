/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The end: what is left in the log goes out by polling, then the reason, the
 * registers that count and the state of every process.
 */
#include "kernel/log.h"
#include "process.h"
#include "report.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"

#include <stddef.h>

enum { FATAL_STATUS = 70 }; /* of the emulator run: EX_SOFTWARE of sysexits.h */

static void drain_log(void)
{
	uint8_t chunk[32];
	size_t count;

	while ((count = log_read(chunk, sizeof(chunk))) > 0)
		board_emergency_write((const char *)chunk, count);
}

static void log_processes(void)
{
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *process = &board.processes[i];

		if (process->state == PROCESS_UNUSED)
			continue;
		log_print("  slot %u: state %u, pc 0x%08x, sp 0x%08x, %u system calls\r\n", i,
			  process->state, arch_context_pc(&process->context),
			  arch_context_sp(&process->context), process->syscalls);
		drain_log();
	}
}

void kernel_fatal(const char *reason, const struct arch_fault *fault)
{
	static bool again;

	if (again)
		board_end(FATAL_STATUS);
	again = true;
	drain_log();
	log_print("\r\n*** kernel panic: %s\r\n", reason);
	if (fault != NULL) {
		log_print("  ");
		arch_fault_log(fault);
	}
	drain_log();
	log_processes();
	if (fault != NULL)
		report_keep(NULL, fault); /* else the last one, which may be the reason, stays */
	report_kept();
	drain_log();
	board_end(FATAL_STATUS);
}
