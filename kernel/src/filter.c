/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "filter.h"

#include "abi/error.h"
#include "abi/syscall.h"
#include "process.h"
#include "trusted/board.h"

enum {
	BLOCK = 64, /* commands that one entry of the TLV speaks of */
};

/* An entry of the Permissions TLV, as it lies in flash: little-endian words. */
struct tlv_permission {
	uint32_t driver;
	uint32_t block; /* commands 64 * block to 64 * block + 63 */
	uint32_t commands[2];
};

_Static_assert(sizeof(struct tlv_permission) == 16, "the format has 16 bytes");

/* Any command at all, or one in particular. */
struct wish {
	uint32_t driver;
	uint32_t command;
	bool any;
};

static bool bit(const uint32_t words[2], uint32_t number)
{
	return (words[number / 32] >> number % 32 & 1) != 0;
}

static bool entry_allows(const struct tlv_permission *entry, const struct wish *wish)
{
	if (entry->driver != wish->driver)
		return false;
	if (wish->any)
		return true;
	return entry->block == wish->command / BLOCK && bit(entry->commands, wish->command % BLOCK);
}

/* Looks the TLV up in flash each time: there is no RAM to keep it in. */
static bool header_allows(struct process *process, const struct wish *wish)
{
	uptr_t at = process->flash_start + process->permissions_offset;
	struct tlv_permission entry;

	if (process->permissions_offset == 0)
		return true;
	for (uint32_t i = 0; i < process->permissions_count; i++, at += sizeof(entry))
		if (process_read(process, &entry, at, sizeof(entry)) && entry_allows(&entry, wish))
			return true;
	return false;
}

static bool policy_allows(const struct process_policy *policy, const struct wish *wish)
{
	const uint32_t number = wish->command < BLOCK ? wish->command : BLOCK - 1;

	if (policy->permissions == NULL)
		return true;
	for (uint32_t i = 0; i < policy->permission_count; i++) {
		const struct driver_permission *permission = &policy->permissions[i];

		const uint32_t commands[2] = {(uint32_t)permission->commands,
					      (uint32_t)(permission->commands >> 32)};

		if (permission->driver == wish->driver)
			return wish->any || bit(commands, number);
	}
	return false;
}

/* Command 0 only asks whether the driver is there: it goes with any other. */
static struct wish wish_of(const ureg_t registers[4], uint32_t class_number)
{
	return (struct wish){
		.driver = registers[0],
		.command = registers[1],
		.any = class_number != SYSCALL_COMMAND || registers[1] == 0,
	};
}

bool filter_refuses(struct process *process, ureg_t registers[4], uint32_t class_number)
{
	if (class_number == SYSCALL_YIELD || class_number == SYSCALL_MEMOP ||
	    class_number == SYSCALL_EXIT || class_number > SYSCALL_ALLOW_UR)
		return false;

	struct wish wish = wish_of(registers, class_number);

	if (policy_allows(process->policy, &wish) && header_allows(process, &wish))
		return false;
	registers[0] = class_number == SYSCALL_COMMAND ? SYSCALL_FAILURE : SYSCALL_FAILURE_2_U32;
	registers[1] = E_NODEVICE;
	return true;
}
