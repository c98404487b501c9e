/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report.h"

#include "abi/fault_record.h"
#include "abi/syscall.h"
#include "kernel/log.h"
#include "lib/compiler.h"
#include "lib/crc32.h"
#include "loan_hooks.h"
#include "process.h"
#include "trusted/kernel.h"

#include <stddef.h>

enum { NAME_MAX = 32 /* characters of a name in messages */ };

static struct fault_record kept SECTION(".noinit");

static uint32_t record_crc(void)
{
	return crc32(0, (const uint8_t *)&kept, offsetof(struct fault_record, crc));
}

/* A stack grows down from the start of RAM: below it is where an overflow ends. */
static bool stack_overflowed(const struct process *process)
{
	uptr_t address;

	return arch_fault_address(&process->fault, &address) &&
	       address < process->memory.ram_start &&
	       arch_context_sp(&process->context) < process->memory.ram_start;
}

static const char *whose(const struct process *process, uptr_t address)
{
	const struct process_memory *memory = &process->memory;

	if (address >= process->flash_start && address < process->code_end)
		return "its own flash";
	if (address >= process->code_end && address < process->flash_end)
		return "its own footers";
	if (address >= memory->ram_start && address < memory->app_break)
		return "its own RAM";
	if (address >= memory->app_break && address < memory->grant_break)
		return "its RAM above the break";
	if (address >= memory->grant_break && address < memory->ram_end)
		return "the kernel's part of its RAM";
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *other = &board.processes[i];

		if (other->state != PROCESS_UNUSED && address >= other->memory.ram_start &&
		    address < other->memory.ram_end)
			return "another process's RAM";
	}
	return "no memory of this process";
}

void report_fault(struct process *process, const char *reason)
{
	char name[NAME_MAX];
	uptr_t address;

	(void)process_copy_name(process, name, sizeof(name));
	log_print("\r\nprocess %s (slot %u) faulted at pc 0x%08x, sp 0x%08x: ", name,
		  process_slot(process), arch_context_pc(&process->context),
		  arch_context_sp(&process->context));
	if (reason != NULL) {
		log_print("%s\r\n", reason);
		return;
	}
	arch_fault_log(&process->fault);
	if (stack_overflowed(process))
		log_print("  its stack overflowed: give it more (APP_STACK_SIZE)\r\n");
	else if (arch_fault_address(&process->fault, &address) && !loan_report(process, address))
		log_print("  0x%08x is %s\r\n", address, whose(process, address));
}

static const char *class_text(uint32_t class_number)
{
	static const char *const text[] = {"yield",    "subscribe", "command", "allow-rw",
					   "allow-ro", "memop",     "exit",    "allow-ur"};

	return class_number < ARRAY_LENGTH(text) ? text[class_number] : "unknown class";
}

/* The notes in the order in which the calls were made; call(0) is the oldest kept. */
static const struct syscall_note *call(const struct process *process, uint32_t number)
{
	return &process->recent[(process->others + number) % RECENT_SYSCALLS];
}

static uint32_t calls_kept(const struct process *process)
{
	return process->others < RECENT_SYSCALLS ? process->others : RECENT_SYSCALLS;
}

void report_dump(struct process *process)
{
	const struct process_memory *memory = &process->memory;

	arch_context_log(&process->context);
	log_print("  flash       0x%08x-0x%08x\r\n", process->flash_start, process->flash_end);
	log_print("  RAM         0x%08x-0x%08x, break 0x%08x, grants from 0x%08x\r\n",
		  memory->ram_start, memory->ram_end, memory->app_break, memory->grant_break);
	log_print("  stack top   0x%08x, heap start 0x%08x, as it told\r\n", process->stack_top,
		  process->heap_start);
	log_print("  of %u system calls the last command 0x%x, %u and the last others:\r\n",
		  process->syscalls, process->last_command[0], process->last_command[1]);
	for (uint32_t i = RECENT_SYSCALLS - calls_kept(process); i < RECENT_SYSCALLS; i++) {
		const struct syscall_note *note = call(process, i);

		log_print("    %s 0x%x, 0x%x\r\n", class_text(note->second_and_class & 0xFF),
			  note->first, note->second_and_class >> 8);
	}
}

static void keep_process(struct process *process)
{
	char name[FAULT_RECORD_NAME + 1] = {0};

	(void)process_copy_name(process, name, sizeof(name));
	__builtin_memcpy(kept.name, name, sizeof(kept.name));
	kept.kind = FAULT_RECORD_PROCESS;
	kept.slot = (uint8_t)process_slot(process);
	kept.flash_start = process->flash_start;
	kept.flash_end = process->flash_end;
	kept.ram_start = process->memory.ram_start;
	kept.app_break = process->memory.app_break;
	kept.grant_break = process->memory.grant_break;
	kept.ram_end = process->memory.ram_end;
	kept.recent[0][0] = process->last_command[0];
	kept.recent[0][1] = process->last_command[1] << 8 | SYSCALL_COMMAND;
	for (uint32_t i = 1; i < FAULT_RECORD_RECENT; i++) {
		const struct syscall_note *note = call(process, i);

		kept.recent[i][0] = note->first;
		kept.recent[i][1] = note->second_and_class;
	}
}

void report_keep(struct process *process, const struct arch_fault *fault)
{
	_Static_assert((int)FAULT_RECORD_RECENT == (int)RECENT_SYSCALLS,
		       "both hold the same calls");

	kept = (struct fault_record){
		.magic = FAULT_RECORD_MAGIC,
		.kind = FAULT_RECORD_KERNEL,
		.slot = UINT8_MAX,
	};
	if (process != NULL)
		keep_process(process);
	arch_fault_record(&kept, process == NULL ? NULL : &process->context, fault);
	kept.crc = record_crc();
}

void report_kept(void)
{
	const uint8_t *bytes = (const uint8_t *)&kept;

	if (kept.magic != FAULT_RECORD_MAGIC || kept.crc != record_crc())
		return;
	log_print("fault record, for detent explain: ");
	for (size_t i = 0; i < sizeof(kept); i++)
		log_print("%02x", bytes[i]);
	log_print("\r\n");
}
