/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The trace stream goes to the host by semihosting (RISC-V Semihosting
 * specification 1.0; operations from Arm's "Semihosting for AArch32 and AArch64").
 * Linked with TRACE=1 only: without a debugger or emulator that answers, the
 * ebreak would be a fault of the kernel.
 */
#include "arch/csr.h"
#include "trusted/arch.h"
#include "trusted/trace.h"

#include <stdbool.h>

enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, MODE_WB = 5 };

/* The three instructions must be these, uncompressed and next to one another. */
static uint32_t call(uint32_t operation, const uint32_t *block)
{
	uint32_t address = arch_address_of(block);
	register uint32_t a0 __asm__("a0") = operation;
	register uint32_t a1 __asm__("a1") = address;

	__asm__ volatile(".option push\n.option norvc\n.balign 16\n"
			 "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
			 : "+r"(a0)
			 : "r"(a1)
			 : "memory");
	return a0;
}

void trace_write(const void *bytes, size_t length)
{
	static const char name[] = "detent-trace.bin";
	static bool open;
	static uint32_t handle;

	if (!open) {
		const uint32_t block[] = {arch_address_of(name), MODE_WB, sizeof(name) - 1};

		handle = call(SYS_OPEN, block);
		open = true;
	}

	const uint32_t block[] = {handle, arch_address_of(bytes), (uint32_t)length};

	(void)call(SYS_WRITE, block);
}
