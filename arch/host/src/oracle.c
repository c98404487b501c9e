/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The memory half of the oracle: whose memory is whose. */
#include "oracle_private.h"

#include "abi/syscall.h"
#include "grant_private.h"

#include <string.h>

static struct oracle_model models[ORACLE_SLOTS];

struct oracle_model *oracle_model(const struct process *process)
{
	return &models[process - board.processes];
}

void oracle_reset(void)
{
	memset(models, 0, sizeof(models));
}

static const struct process *owner_of_context(const struct arch_context *context)
{
	return (const struct process *)(const void *)context;
}

/* NULL: the plan is the kernel's own. */
static const struct process *owner_of_plan(const struct arch_mpu *mpu)
{
	for (uint32_t i = 0; i < board.process_count; i++)
		if (&board.processes[i].mpu == mpu)
			return &board.processes[i];
	return NULL;
}

/* It opens a page of the region of applications, so that the kernel can write there. */
static void check_own_plan(const struct arch_mpu *mpu)
{
	if (!oracle_within(mpu->ram_start, HOST_PAGE, HOST_FLASH_START, HOST_FLASH_END) ||
	    mpu->ram_end != mpu->ram_start + HOST_PAGE || mpu->ram_start % HOST_PAGE != 0)
		host_violation("a protection plan of no process opens 0x%08x-0x%08x",
			       mpu->ram_start, mpu->ram_end);
}

static bool holds_ram(const struct process *process)
{
	return process->state != PROCESS_UNUSED && process->state != PROCESS_TERMINATED;
}

static unsigned int slot_of(const struct process *process)
{
	return (unsigned int)(process - board.processes);
}

static void check_disjoint(const struct process *process, uptr_t start, uptr_t end)
{
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *other = &board.processes[i];
		const struct oracle_model *model = oracle_model(other);

		if (other == process || !holds_ram(other) || model->life == 0)
			continue;
		if (start < model->ram_end && end > model->ram_start)
			host_violation("RAM 0x%08x-0x%08x of slot %u reaches into that of slot %u",
				       start, end, slot_of(process), i);
	}
}

void oracle_born(const struct arch_context *context, const struct arch_start *start)
{
	const struct process *process = owner_of_context(context);
	struct oracle_model *model = oracle_model(process);

	*model = (struct oracle_model){
		.life = context->life,
		.ram_start = start->ram_start,
		.ram_end = start->ram_start + start->ram_length,
		.app_break = start->app_break,
		.high_water = start->ram_start,
	};
	if (!oracle_within(start->ram_start, start->ram_length, HOST_RAM_START, HOST_RAM_END))
		host_violation("slot %u gets RAM 0x%08x that is not application RAM",
			       slot_of(process), start->ram_start);
	if (!oracle_within(process->flash_start, process->flash_end - process->flash_start,
			   HOST_FLASH_START, HOST_FLASH_END))
		host_violation("slot %u has flash 0x%08x outside of application flash",
			       slot_of(process), process->flash_start);
	if (start->entry < process->flash_start || start->entry >= process->code_end)
		host_violation("slot %u starts outside of its code", slot_of(process));
	check_disjoint(process, model->ram_start, model->ram_end);
}

static void check_in_grants(const struct process *process, const void *pointer, const char *what)
{
	uptr_t address = (uptr_t)(uintptr_t)pointer;

	if (pointer == NULL)
		return;
	if ((uintptr_t)pointer > UINT32_MAX || address < process->memory.grant_break ||
	    address >= oracle_model(process)->ram_end)
		host_violation("slot %u: %s at %p is not in the kernel's part of its RAM",
			       slot_of(process), what, pointer);
	if (address < process->mpu.ram_end)
		host_violation("slot %u: %s at %p can be reached by the process itself",
			       slot_of(process), what, pointer);
}

void oracle_check_memory(const struct process *process)
{
	const struct process_memory *memory = &process->memory;
	const struct oracle_model *model = oracle_model(process);

	if (memory->ram_start != model->ram_start || memory->ram_end != model->ram_end ||
	    memory->app_break != model->app_break || memory->high_water != model->high_water)
		host_violation("slot %u: the kernel has break 0x%08x and mark 0x%08x, the model "
			       "0x%08x and 0x%08x",
			       slot_of(process), memory->app_break, memory->high_water,
			       model->app_break, model->high_water);
	if (memory->ram_start > memory->high_water || memory->high_water > memory->app_break ||
	    memory->app_break > memory->grant_break || memory->grant_break > memory->ram_end)
		host_violation("slot %u: the bounds of its memory are out of order",
			       slot_of(process));
	check_in_grants(process, process->grants, "the table of grants");
	for (uint32_t i = 0; i < board.driver_count; i++)
		check_in_grants(process, process->grants[i], "a grant");
	for (const struct upcall_node *node = process->first; node != NULL; node = node->next) {
		check_in_grants(process, node, "an upcall");
		if (node->slot == NULL || node->slot->entry->process != process)
			host_violation("slot %u: an upcall of another process", slot_of(process));
	}
}

/* What the board's policy gives to read besides, from the first window to the last. */
static bool is_policy(const struct process *process, const struct host_window *window)
{
	const struct process_policy *policy = process->policy;

	if (policy->window_count == 0 || window->access != ARCH_READ)
		return false;

	const struct memory_window *last = &policy->windows[policy->window_count - 1];

	return window->start == policy->windows[0].start &&
	       window->end == last->start + last->length;
}

static bool is_of(const struct loan *loan, const struct process *process,
		  const struct host_window *window)
{
	const struct process_id wanted =
		window->access == ARCH_CLOSED ? loan->owner : loan->borrower;

	return loan->state == LOAN_LIVE && wanted.raw == process->id.raw &&
	       loan->start == window->start && loan->start + loan->length == window->end &&
	       (window->access == ARCH_CLOSED       ? (loan->flags & LOAN_EXCLUSIVE) != 0
		: window->access == ARCH_READ_WRITE ? loan->held && (loan->flags & LOAN_WRITE) != 0
						    : loan->held);
}

/* Every window is what the policy gives, or a live loan. */
static void check_windows(const struct process *process, const struct arch_mpu *mpu)
{
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		const struct host_window *window = &mpu->windows[i];
		bool known = window->start == window->end || is_policy(process, window);

		for (uint32_t k = 0; k < board.loans.slots && !known; k++)
			known = is_of(&board.loans.table[k], process, window);
		if (!known)
			host_violation("slot %u: its plan has the window 0x%08x-0x%08x",
				       slot_of(process), window->start, window->end);
	}
}

static void check_plan(const struct process *process, const struct arch_mpu *mpu)
{
	const struct oracle_model *model = oracle_model(process);

	if (mpu->flash_start != process->flash_start || mpu->flash_end != process->flash_end)
		host_violation("slot %u: its plan opens flash 0x%08x-0x%08x", slot_of(process),
			       mpu->flash_start, mpu->flash_end);
	if (mpu->code_end != process->code_end || mpu->code_end > mpu->flash_end)
		host_violation("slot %u: its plan lets it execute up to 0x%08x", slot_of(process),
			       mpu->code_end);
	if (mpu->ram_start != model->ram_start || mpu->ram_end > model->ram_end ||
	    mpu->ram_end > process->memory.grant_break || mpu->ram_end < process->memory.app_break)
		host_violation("slot %u: its plan opens RAM 0x%08x-0x%08x", slot_of(process),
			       mpu->ram_start, mpu->ram_end);
	check_disjoint(process, mpu->ram_start, mpu->ram_end);
	check_windows(process, mpu);
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *other = &board.processes[i];

		if (other == process || !holds_ram(other))
			continue;
		if (mpu->flash_start < other->flash_end && mpu->flash_end > other->flash_start)
			host_violation("slot %u: its plan opens flash of slot %u", slot_of(process),
				       i);
	}
}

void oracle_loaded(const struct arch_mpu *mpu)
{
	const struct process *process;

	if (mpu == NULL)
		return;
	process = owner_of_plan(mpu);
	if (process == NULL) {
		check_own_plan(mpu);
		return;
	}
	/* A dead process is mapped to read its name only: no code runs with its plan. */
	if (oracle_is_alive(process))
		check_plan(process, mpu);
}

void oracle_chosen(const struct process *process)
{
	if (process->state != PROCESS_RUNNING)
		host_violation("slot %u runs in state %u", slot_of(process), process->state);
	if (host_loaded_plan() != &process->mpu)
		host_violation("slot %u runs without its own protection plan", slot_of(process));
	check_plan(process, &process->mpu);
	oracle_check_memory(process);
}

void oracle_upcall(const struct arch_context *context, uptr_t function, const ureg_t argument[4])
{
	const struct process *process = owner_of_context(context);
	const struct oracle_model *model = oracle_model(process);

	if (context->upcall_pushed)
		host_violation("slot %u gets an upcall on top of one that did not begin",
			       slot_of(process));
	for (uint32_t i = 0; i < ORACLE_TABLE; i++) {
		const struct oracle_entry *entry = &model->table[i];

		if (entry->used && entry->class_number == SYSCALL_SUBSCRIBE &&
		    entry->value[0] == function && entry->value[1] == argument[3])
			return;
	}
	host_violation("slot %u: upcall to 0x%08x with data 0x%08x, which is not subscribed",
		       slot_of(process), function, argument[3]);
}

bool oracle_borrowed(const struct process *process, uptr_t address, uint64_t length, bool writes,
		     uint32_t driver)
{
	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = &board.loans.table[i];

		if (loan->state == LOAN_LIVE && loan->held && !loan->suspended &&
		    loan->borrower.raw == process->id.raw &&
		    (!writes || (loan->flags & LOAN_WRITE) != 0) &&
		    (loan->driver == LOAN_TO_ANY || loan->driver == driver) &&
		    oracle_within(address, length, loan->start, loan->start + loan->length))
			return true;
	}
	return false;
}

void oracle_note_loans(const struct process *process)
{
	struct oracle_model *model = oracle_model(process);

	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = &board.loans.table[i];

		if (loan->state == LOAN_LIVE && loan->parent == LOAN_NO_PARENT &&
		    loan->owner.raw == process->id.raw &&
		    loan->start + loan->length > model->high_water)
			model->high_water = loan->start + loan->length;
	}
}

static bool is_over(const struct process *process, uptr_t address)
{
	const struct oracle_model *model = oracle_model(process);

	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = &board.loans.table[i];

		if (loan->state == LOAN_LIVE && loan->held &&
		    loan->borrower.raw == process->id.raw &&
		    oracle_within(address, 1, loan->start, loan->start + loan->length))
			return false;
	}
	return !oracle_within(address, 1, model->ram_start, model->ram_end) &&
	       !oracle_within(address, 1, process->flash_start, process->flash_end);
}

void oracle_forget_loans(const struct process *process)
{
	struct oracle_model *model = oracle_model(process);

	for (uint32_t i = 0; i < ORACLE_TABLE; i++) {
		struct oracle_entry *entry = &model->table[i];

		if (entry->used && entry->class_number != SYSCALL_SUBSCRIBE &&
		    entry->value[1] != 0 && is_over(process, entry->value[0]))
			entry->value[0] = entry->value[1] = 0;
	}
}

static bool is_shared(const struct oracle_model *model, uptr_t address, size_t length, bool writes)
{
	for (uint32_t i = 0; i < ORACLE_TABLE; i++) {
		const struct oracle_entry *entry = &model->table[i];

		if (!entry->used || entry->class_number == SYSCALL_SUBSCRIBE ||
		    entry->class_number == (writes ? SYSCALL_ALLOW_RO : SYSCALL_ALLOW_UR))
			continue;
		if (address >= entry->value[0] &&
		    address + (uint64_t)length <= (uint64_t)entry->value[0] + entry->value[1])
			return true;
	}
	return false;
}

void oracle_copied(uptr_t address, size_t length, bool writes)
{
	const struct process *process = owner_of_plan(host_loaded_plan());

	if (process == NULL)
		return; /* what such a plan opens was checked when it was loaded */
	oracle_forget_loans(process);
	if (length == 0 || is_shared(oracle_model(process), address, length, writes))
		return;
	if (!writes && oracle_within(address, length, process->flash_start, process->flash_end))
		return;
	host_violation("slot %u: the kernel %s 0x%08x, %zu bytes, which the process does not share",
		       slot_of(process), writes ? "writes" : "reads", address, length);
}

void oracle_pointed(uptr_t address)
{
	if (address >= HOST_FLASH_START && address <= HOST_FLASH_END)
		return;
	if (address < HOST_RAM_START || address > HOST_RAM_END)
		host_violation("the kernel makes a pointer of 0x%08x", address);
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct oracle_model *model = oracle_model(&board.processes[i]);

		if (oracle_is_alive(&board.processes[i]) && address >= model->ram_start &&
		    address < model->app_break)
			host_violation(
				"the kernel makes a pointer of 0x%08x, which slot %u can write",
				address, i);
	}
}
