/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* ARMv8-M: stack limits and the way to the other security state. */
#include "hostile.h"

#define EXECUTES(name, end, instruction, text)                                                     \
	ATTACK(name, end, text)                                                                    \
	{                                                                                          \
		__asm__ volatile(instruction ::: "r0", "r1", "r2", "r3", "r12", "lr", "memory");   \
		succeeded("it came back");                                                         \
	}

EXECUTES(bxns, FAULTS, "mov r0, #0x10000000\n.inst.n 0x4704",
	 "branches to the other security state")
EXECUTES(blxns, FAULTS, "mov r0, #0x10000000\n.inst.n 0x4784", "calls the other security state")
EXECUTES(exc_return_secure, FAULTS, "mvn r0, #0x42\nbx r0", "branches to EXC_RETURN 0xFFFFFFBD")
EXECUTES(exc_return_v8, FAULTS, "mvn r0, #0x43\nbx r0", "branches to EXC_RETURN 0xFFFFFFBC")

ATTACK(stack_limits, ENDS, "writes the stack limits of the kernel and of itself")
{
	__asm__ volatile(".inst.w 0xF380880A\n.inst.w 0xF380880B" ::
				 : "memory"); /* msr msplim, psplim */
	for (uint32_t i = 0; i < 10; i++)
		command(DRIVER_LED, 0, 0, 0);
	spin_ms(25);
}

ATTACK(sau, FAULTS, "writes to the security attribution unit")
{
	write_word(0xE000EDD0, 0);
	succeeded("the write came back");
}

/* The board's code and RAM are at the Secure aliases, which have bit 28. */
static uint32_t alias(uint32_t address)
{
	return address & ~(1u << 28);
}

ATTACK(read_alias, FAULTS, "reads the kernel's variables by their Non-secure alias")
{
	say_number("reads ", alias(given.kernel_data));
	(void)read_word(alias(given.kernel_data));
	succeeded("the read came back");
}

ATTACK(write_alias, FAULTS, "writes to the kernel's variables by their Non-secure alias")
{
	say_number("writes ", alias(given.kernel_data));
	write_word(alias(given.kernel_data), 0);
	succeeded("the write came back");
}
