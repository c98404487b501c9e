/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KERNEL_MEMOP_H
#define KERNEL_MEMOP_H

#include "trusted/process.h"

/*
 * System call class 5 (TRD104, section 4.6). Writes only the registers that the
 * return variant defines: libtock-c's stub does not expect others to change.
 */
void memop(struct process *process, ureg_t registers[4]);

#endif
