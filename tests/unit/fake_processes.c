/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What becomes of a process, for the parts of the kernel that are tested without it. */
#include "process.h"

void process_unmap(void)
{
}

void process_hold(struct process *process)
{
	process->resumes = process->state;
	process->state = PROCESS_STOPPED;
}

void process_go_on(struct process *process)
{
	process->state = process->resumes;
}

void process_end(struct process *process, enum process_state state)
{
	process->state = (uint8_t)state;
}
