/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The system calls. Each checks everything first and then commits; a refused
 * call has changed nothing but the return registers.
 */
#include "filter.h"
#include "grant_private.h"
#include "kernel/assert.h"
#include "loan_hooks.h"
#include "main_loop.h"
#include "memop.h"
#include "process.h"
#include "trusted/trace.h"
#include "upcall.h"
#include "user_range.h"

#include <stddef.h>

static ALWAYS_INLINE struct driver *find_driver(uint32_t number)
{
	const struct driver_entry *entry = board.drivers;
	const struct driver_entry *end = entry + board.driver_count;

	do {
		if (entry->number == number)
			return entry->driver;
	} while (++entry != end);
	return NULL;
}

static ALWAYS_INLINE void command(struct process *process, ureg_t registers[4])
{
	uint32_t number = registers[1];
	struct driver *driver = find_driver(registers[0]);

	if (driver == NULL) {
		registers[0] = SYSCALL_FAILURE;
		registers[1] = E_NODEVICE;
		return;
	}

	syscall_result result = driver->type->command(driver, process->id, number, &registers[2]);

	registers[0] = (uint32_t)result;
	registers[1] = (uint32_t)(result >> 32);
}

/* Subscribe and allow hand back what was passed, which is still in registers 2 and 3. */
static NOINLINE bool refuse(ureg_t registers[4], enum error error)
{
	registers[0] = SYSCALL_FAILURE_2_U32;
	registers[1] = error;
	return kernel_goes_on;
}

static bool is_executable(const struct process *process, uptr_t function)
{
	const struct user_range code = {process->flash_start, process->code_end};

	return user_range_contains(&code, function, 2);
}

static NOINLINE bool subscribe(struct process *process, ureg_t registers[4])
{
	const struct driver *driver = find_driver(registers[0]);
	uint32_t number = registers[1];
	uptr_t function = registers[2];

	if (process->filtered && filter_refuses(process, registers, SYSCALL_SUBSCRIBE))
		return kernel_goes_on;
	if (driver == NULL)
		return refuse(registers, E_NODEVICE);
	if (number >= driver->type->grant.upcalls)
		return refuse(registers, E_NOSUPPORT);
	if (function != 0 && !is_executable(process, function))
		return refuse(registers, E_INVAL);

	struct grant_entry *entry = grant_get(process, driver);

	if (entry == NULL)
		return refuse(registers, E_NOMEM);

	struct upcall_slot *slot = grant_upcall(entry, number);

	ASSERT(slot != NULL);

	ureg_t data = registers[3];

	if (process->first != NULL)
		upcall_cancel(slot);
	slot_swap(slot, function, data, registers);
	return kernel_goes_on;
}

static bool in_ram(const struct process *process, uptr_t base, uint32_t length)
{
	const struct user_range ram = {process->memory.ram_start, process->memory.app_break};

	return user_range_contains(&ram, base, length);
}

static bool in_flash(const struct process *process, uptr_t base, uint32_t length)
{
	const struct user_range flash = {process->flash_start, process->flash_end};

	return user_range_contains(&flash, base, length);
}

static NOINLINE bool in_loan(const struct process *process, const ureg_t registers[4],
			     enum allow_kind kind)
{
	const struct loan_allow wanted = {registers[2], registers[3], kind, registers[0]};

	return loan_permits_allow(process, &wanted);
}

static NOINLINE bool allow(struct process *process, ureg_t registers[4], enum allow_kind kind)
{
	const struct driver *driver = find_driver(registers[0]);
	uptr_t base = registers[2];
	uint32_t length = registers[3];

	if (process->filtered && filter_refuses(process, registers, SYSCALL_ALLOW_RW))
		return kernel_goes_on;
	if (driver == NULL)
		return refuse(registers, E_NODEVICE);
	if (!grant_has_slice(driver, kind, registers[1]))
		return refuse(registers, E_INVAL);

	bool ram = in_ram(process, base, length);

	if (!ram && !(kind == ALLOW_RO && in_flash(process, base, length)) &&
	    !in_loan(process, registers, kind))
		return refuse(registers, E_INVAL);

	struct grant_entry *entry = grant_get(process, driver);

	if (entry == NULL)
		return refuse(registers, E_NOMEM);
	if (ram && length != 0 && base + length > process->memory.high_water &&
	    process_memory_allow(&process->memory, base + length) != E_OK)
		return refuse(registers, E_INVAL);

	struct user_slice *slice = grant_slice(entry, kind, registers[1]);

	if (UNLIKELY(process->lent != 0))
		loan_share_ended(process, slice);
	slice_swap(slice, (struct user_slice){base, length}, registers);
	return kernel_goes_on;
}

/* The flag goes to the process with its own rights: memory of others stays as it is. */
static NOINLINE bool yield_no_wait(struct process *process, uptr_t flag)
{
	bool ran = process->first != NULL && upcall_deliver(process);

	if (flag != 0)
		arch_user_poke(flag, ran);
	return kernel_goes_on;
}

static NOINLINE bool yield_wait(struct process *process)
{
	if (process->first != NULL && upcall_deliver(process))
		return kernel_goes_on;
	process->state = PROCESS_YIELDED;
	process->ready = false;
	return false;
}

static NOINLINE bool yield_wait_for(struct process *process, ureg_t registers[4])
{
	const struct driver *driver = find_driver(registers[1]);
	struct grant_entry *entry = driver == NULL ? NULL : grant_get(process, driver);
	struct upcall_slot *slot = entry == NULL ? NULL : grant_upcall(entry, registers[2]);

	/*
	 * There is no way to report an error: TRD104 gives this call no return
	 * variant. An upcall that cannot exist is waited for for ever.
	 */
	if (slot != NULL && upcall_take(slot, registers))
		return true;
	process->wait_slot = slot;
	process->state = PROCESS_YIELDED_FOR;
	process->ready = false;
	return false;
}

static bool yield(struct process *process, ureg_t registers[4])
{
	switch (registers[0]) {
	case YIELD_NO_WAIT:
		return yield_no_wait(process, registers[1]);
	case YIELD_WAIT:
		return yield_wait(process);
	case YIELD_WAIT_FOR:
		return yield_wait_for(process, registers);
	default:
		return true;
	}
}

static NOINLINE void exit_process(struct process *process, ureg_t registers[4])
{
	if (registers[0] > EXIT_RESTART) {
		registers[0] = SYSCALL_FAILURE;
		registers[1] = E_NOSUPPORT;
		return;
	}
	process->completion_code = registers[1];
	if (registers[0] == EXIT_RESTART)
		process_restart(process);
	else
		process_end(process, PROCESS_TERMINATED);
	kernel_attention();
}

static void note(struct process *process, const ureg_t registers[4], uint32_t class_number)
{
	struct syscall_note *entry = &process->recent[process->others++ % RECENT_SYSCALLS];

	entry->first = registers[0];
	entry->second_and_class = registers[1] << 8 | class_number;
}

static NOINLINE bool filtered_command(struct process *process, ureg_t registers[4])
{
	if (!filter_refuses(process, registers, SYSCALL_COMMAND))
		command(process, registers);
	return kernel_goes_on;
}

static NOINLINE bool other_syscall(struct process *process, ureg_t registers[4],
				   uint32_t class_number)
{
	note(process, registers, class_number);
	switch (class_number) {
	case SYSCALL_YIELD:
		return yield(process, registers);
	case SYSCALL_SUBSCRIBE:
		return subscribe(process, registers);
	case SYSCALL_COMMAND:
		return filtered_command(process, registers);
	case SYSCALL_ALLOW_RW:
		return allow(process, registers, ALLOW_RW);
	case SYSCALL_ALLOW_RO:
		return allow(process, registers, ALLOW_RO);
	case SYSCALL_ALLOW_UR:
		return allow(process, registers, ALLOW_UR);
	case SYSCALL_MEMOP:
		memop(process, registers);
		return kernel_goes_on;
	case SYSCALL_EXIT:
		exit_process(process, registers);
		return kernel_goes_on;
	default:
		process_misbehaved(process, "it made a system call of an unknown class");
		return false;
	}
}

/*
 * Commands that no filter looks at are by far the most frequent. Every other way
 * ends in a call of its own, so that none pays for the registers that another saves.
 */
bool kernel_syscall(struct process *process, ureg_t registers[4], uint32_t class_number)
{
	process->syscalls++;
	trace(TRACE_SYSCALL, process_slot(process), class_number << 12 | (registers[1] & 0xFFF),
	      registers[0]);
	if (UNLIKELY(class_number != process->fast_class))
		return other_syscall(process, registers, class_number);
	process->last_command[0] = registers[0];
	process->last_command[1] = registers[1];
	command(process, registers);
	return kernel_goes_on;
}
