/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Checks the system call interface point by point (TRD104 and the userspace-
 * readable allow TRD), with the system calls as they are. Ends with
 * "abi_check: N passed, M failed".
 */
#include "check.h"

int main(void)
{
	check_allow();
	check_memop();
	check_commands();
	check_subscribe();
	check_yield();
	check_exit();
	check_registers();
	return check_report() == 0 ? 0 : 1;
}
