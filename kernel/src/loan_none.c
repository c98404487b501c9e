/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* For boards without loans. */
#include "loan_hooks.h"

void loan_windows(const struct process *process, struct arch_window windows[ARCH_WINDOWS])
{
	(void)process;
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		windows[i] = (struct arch_window){.start = 0};
}

void loan_process_ended(const struct process *process)
{
	(void)process;
}

bool loan_permits_allow(const struct process *process, const struct loan_allow *allow)
{
	(void)process;
	(void)allow;
	return false;
}

bool loan_report(const struct process *process, uptr_t address)
{
	(void)process;
	(void)address;
	return false;
}

void loan_share_ended(const struct process *process, const struct user_slice *share)
{
	(void)process;
	(void)share;
}
