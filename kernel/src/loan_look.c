/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What others ask about loans, and the report of a fault. */
#include "kernel/loan.h"
#include "kernel/log.h"
#include "loan_hooks.h"
#include "loan_private.h"
#include "process.h"

#include <stddef.h>

enum { NAME_MAX = 32 /* characters of a name in messages */ };

void loan_describe(const struct loan *loan, struct loan_info *info)
{
	info->id = loan->id;
	info->parent.raw = 0;
	if (loan->parent != LOAN_NO_PARENT)
		info->parent = board.loans.table[loan->parent].id;
	info->owner = loan->owner;
	info->borrower = loan->borrower;
	info->start = loan->start;
	info->length = loan->length;
	info->driver = loan->driver;
	info->flags = loan->flags;
	info->held = loan->held;
}

bool loan_inspect(const struct cap_loans *cap, struct loan_id id, struct loan_info *info)
{
	const struct loan_table table = loan_table();
	const struct loan *loan = loan_table_find(table, id);

	(void)cap;
	if (loan == NULL)
		return false;
	loan_describe(loan, info);
	return true;
}

struct loan_id loan_next_offer(const struct cap_loans *cap, struct process_id borrower,
			       struct loan_id after)
{
	const struct loan_table table = loan_table();
	uint32_t slot = loan_id_slot(after);

	(void)cap;
	for (uint32_t i = 0; i < table.count; i++) {
		slot = slot + 1 < table.count ? slot + 1 : 0;

		const struct loan *loan = &table.loans[slot];

		if (loan->state == LOAN_LIVE && !loan->held &&
		    process_id_equal(loan->borrower, borrower))
			return loan->id;
	}
	return (struct loan_id){0};
}

uint32_t loan_slots(const struct cap_loans *cap)
{
	(void)cap;
	return board.loans.slots;
}

uint32_t loan_windows_left(const struct cap_loans *cap, struct process_id process)
{
	const struct process *found = process_find(process);

	(void)cap;
	if (found == NULL)
		return 0;

	uint32_t left = 0;

	for (uint32_t i = found->policy->window_count != 0 ? 1 : 0; i < ARCH_WINDOWS; i++)
		left += found->windows.loan[i] == 0 ? 1 : 0;
	return left;
}

struct loan_shape loan_shape(uint32_t length)
{
	const struct arch_window_shape shape = arch_mpu_window_shape(length);

	return (struct loan_shape){shape.size, shape.alignment};
}

bool loan_permits_allow(const struct process *process, const struct loan_allow *allow)
{
	const struct loan_table table = loan_table();
	const struct loan_region region = {allow->base, allow->length};

	if (allow->length > UINT32_MAX - allow->base)
		return false;

	uint32_t slot = loan_table_covering(table, process->id, &region);

	if (slot == table.count)
		return false;

	struct loan *loan = &table.loans[slot];

	if ((allow->kind != ALLOW_RO && (loan->flags & LOAN_WRITE) == 0) ||
	    (loan->driver != LOAN_TO_ANY && loan->driver != allow->driver))
		return false;
	if (loan->used == LOAN_NOT_USED)
		loan->used = LOAN_ALLOWED;
	return true;
}

/* ---- reports ---- */

static const char *end_text(const struct loan *loan)
{
	static const char *const text[] = {
		[LOAN_RETURNED] = "was returned",
		[LOAN_REVOKED] = "was revoked",
		[LOAN_EXPIRED] = "expired",
		[LOAN_OWNER_DIED] = "ended with its owner",
		[LOAN_PARENT_ENDED] = "ended with the loan that it was made of",
	};

	if (loan->state == LOAN_LIVE && !loan->held)
		return "was not accepted";
	if (loan->state == LOAN_LIVE)
		return loan->suspended ? "is lent on exclusively" : "does not allow that";
	return loan->why < ARRAY_LENGTH(text) && text[loan->why] != NULL ? text[loan->why]
									 : "ended";
}

static void report(const struct process *process, const struct loan *loan, uptr_t address)
{
	char name[NAME_MAX] = "the kernel";
	struct process *owner = &board.processes[process_id_slot(loan->owner)];

	if (loan_closes(loan, process->id)) {
		log_print("  0x%08x: loan 0x%x of its own RAM is exclusive\r\n", address,
			  loan->id.raw);
		return;
	}
	if (!process_id_is_none(loan->owner))
		(void)process_copy_name(owner, name, sizeof(name));
	log_print("  0x%08x: loan 0x%x from %s %s\r\n", address, loan->id.raw,
		  process_id_is_none(loan->owner) || process_id_equal(owner->id, loan->owner)
			  ? name
			  : "a process that ended",
		  end_text(loan));
}

/* The loan of this address that was made last. */
bool loan_report(const struct process *process, uptr_t address)
{
	const struct loan_table table = loan_table();
	const struct loan_region byte = {address, 1};
	const struct loan *found = NULL;

	for (uint32_t i = 0; i < table.count; i++) {
		const struct loan *loan = &table.loans[i];

		if (loan->id.raw != 0 && loan_contains(loan, &byte) &&
		    (process_id_equal(loan->borrower, process->id) ||
		     loan_closes(loan, process->id)) &&
		    (found == NULL || loan->number > found->number))
			found = loan;
	}
	if (found == NULL)
		return false;
	report(process, found, address);
	return true;
}
