/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/low_level_debug.h"

#include "kernel/log.h"

enum command_number {
	DEBUG_EXISTS = 0,
	DEBUG_ALERT = 1,
	DEBUG_PRINT_1 = 2,
	DEBUG_PRINT_2 = 3,
};

static syscall_result low_level_debug_command(struct driver *driver, struct process_id process,
					      uint32_t number, uint32_t argument[2])
{
	/* The slot is what the kernel's own messages call a process by. */
	unsigned int app = process_id_slot(process), first = argument[0], second = argument[1];

	(void)driver;
	switch (number) {
	case DEBUG_EXISTS:
		break;
	case DEBUG_ALERT:
		log_print("LowLevelDebug: App 0x%x alert code 0x%x\r\n", app, first);
		break;
	case DEBUG_PRINT_1:
		log_print("LowLevelDebug: App 0x%x prints 0x%x\r\n", app, first);
		break;
	case DEBUG_PRINT_2:
		log_print("LowLevelDebug: App 0x%x prints 0x%x 0x%x\r\n", app, first, second);
		break;
	default:
		return syscall_failure(E_NOSUPPORT);
	}
	return syscall_success();
}

static const struct driver_type low_level_debug_type = {
	.command = low_level_debug_command,
};

void low_level_debug_init(struct low_level_debug *self)
{
	*self = (struct low_level_debug){.driver = {.type = &low_level_debug_type}};
}
