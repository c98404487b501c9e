/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Source: Arm, "Semihosting for AArch32 and AArch64", release 2.0, section 5. */
#include "arm.h"
#include "arm/reset.h"
#include "trusted/trace.h"

#include <stddef.h>

enum {
	SYS_OPEN = 0x01,
	SYS_WRITE = 0x05,
	SYS_ERRNO = 0x13,
	SYS_EXIT_EXTENDED = 0x20,
	OPEN_MODE_WB = 5,
	STOPPED_APPLICATION_EXIT = 0x20026,
};

static bool answers;

/* errno is never negative. */
void semihosting_probe(void)
{
	answers = semihosting_call(SYS_ERRNO, NULL) >= 0;
}

void semihosting_exit(uint32_t status)
{
	const uint32_t block[2] = {STOPPED_APPLICATION_EXIT, status};

	if (answers)
		(void)semihosting_call(SYS_EXIT_EXTENDED, block);
	for (;;)
		__asm__ volatile("cpsid i\n\twfi");
}

/* The trace stream is a file of the host, made at the first write. */
void trace_write(const void *bytes, size_t length)
{
	static const char name[] = "detent-trace.bin";
	static int32_t handle = -1;

	if (!answers)
		return;
	if (handle < 0) {
		const uint32_t block[] = {arch_address_of(name), OPEN_MODE_WB, sizeof(name) - 1};

		handle = semihosting_call(SYS_OPEN, block);
	}

	const uint32_t block[] = {(uint32_t)handle, arch_address_of(bytes), (uint32_t)length};

	(void)semihosting_call(SYS_WRITE, block);
}
