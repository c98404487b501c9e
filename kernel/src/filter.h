/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Which system calls a process may make: what its TBF header asks for
 * (Permissions TLV) and what the board's policy allows must both let it
 * through. A driver that is not allowed is not there: NODEVICE, as TRD104,
 * section 4.3.1, has it for processes without the permission.
 */
#ifndef KERNEL_FILTER_H
#define KERNEL_FILTER_H

#include "trusted/process.h"

#include <stdbool.h>

/* True where the call was refused; the return registers say so then. */
bool filter_refuses(struct process *process, ureg_t registers[4], uint32_t class_number);

#endif
