/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * All loans and all processes at one instant: what the table says, what every plan
 * opens, and what every driver was given, must say the same. It is a call of its
 * own, for it looks at everything.
 */
#include "oracle_private.h"

#include "grant_private.h"

static const struct loan *loan_at(uint32_t slot)
{
	return &board.loans.table[slot];
}

static unsigned int slot_of(const struct process *process)
{
	return (unsigned int)(process - board.processes);
}

/* A party of a live loan; NULL: the kernel. */
static const struct process *party(const struct loan *loan, struct process_id id)
{
	if (process_id_is_none(id))
		return NULL;
	for (uint32_t i = 0; i < board.process_count; i++)
		if (process_id_equal(board.processes[i].id, id) &&
		    oracle_is_alive(&board.processes[i]))
			return &board.processes[i];
	host_violation("loan 0x%x outlives a party of it", loan->id.raw);
}

static bool is_exclusive(const struct loan *loan)
{
	return (loan->flags & LOAN_EXCLUSIVE) != 0;
}

static bool has_exclusive_child(uint32_t slot)
{
	for (uint32_t i = 0; i < board.loans.slots; i++)
		if (loan_at(i)->state == LOAN_LIVE && loan_at(i)->parent == slot &&
		    is_exclusive(loan_at(i)))
			return true;
	return false;
}

/* The borrower has a window for it now. */
static bool is_open(uint32_t slot)
{
	const struct loan *loan = loan_at(slot);

	return loan->state == LOAN_LIVE && loan->held && !has_exclusive_child(slot);
}

/* It is of the owner's own memory, or of a live loan that lets the owner pass it on. */
static void check_source(const struct loan *loan, const struct process *owner)
{
	if (loan->parent == LOAN_NO_PARENT) {
		if (owner != NULL &&
		    !oracle_within(loan->start, loan->length, owner->memory.ram_start,
				   owner->memory.app_break))
			host_violation("loan 0x%x is not of its owner's memory", loan->id.raw);
		return;
	}

	const struct loan *parent = loan_at(loan->parent);

	for (uint8_t slot = loan->parent; slot != LOAN_NO_PARENT; slot = loan_at(slot)->parent)
		if (process_id_equal(loan_at(slot)->owner, loan->borrower))
			host_violation("loan 0x%x went in a circle", loan->id.raw);
	if (parent->state != LOAN_LIVE || !parent->held ||
	    !process_id_equal(parent->borrower, loan->owner) ||
	    !oracle_within(loan->start, loan->length, parent->start,
			   parent->start + parent->length) ||
	    (loan->flags & LOAN_WRITE & ~parent->flags) != 0)
		host_violation("loan 0x%x says more than what it was made of", loan->id.raw);
}

/* What the loan means to the plans of its parties: exactly that. */
static void check_effect(uint32_t slot)
{
	const struct loan *loan = loan_at(slot);
	const struct process *owner = party(loan, loan->owner);
	const struct process *borrower = party(loan, loan->borrower);
	bool writes = (loan->flags & LOAN_WRITE) != 0;

	check_source(loan, owner);
	if (is_open(slot) && (!host_readable(&borrower->mpu, loan->start, loan->length) ||
			      host_writable(&borrower->mpu, loan->start, loan->length) != writes))
		host_violation("loan 0x%x: slot %u does not have what it says", loan->id.raw,
			       slot_of(borrower));
	for (uptr_t byte = loan->start;
	     is_exclusive(loan) && owner != NULL && byte < loan->start + loan->length;
	     byte += loan->length - (loan->length > 1))
		if (host_readable(&owner->mpu, byte, 1))
			host_violation("loan 0x%x: its owner, slot %u, reaches it too",
				       loan->id.raw, slot_of(owner));
}

static bool overlap(const struct loan *one, const struct loan *other)
{
	return one->start < other->start + other->length && other->start < one->start + one->length;
}

/* No window of a process but for a live loan of it or the board's policy. */
static void check_reach(const struct process *process)
{
	uint32_t windows = 0;

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		windows += process->mpu.windows[i].access != ARCH_CLOSED &&
			   process->mpu.windows[i].start != process->mpu.windows[i].end;
	for (uint32_t i = 0; i < board.loans.slots; i++) {
		if (!is_open(i) || !process_id_equal(loan_at(i)->borrower, process->id))
			continue;
		windows--;
		for (uint32_t k = 0; k < i; k++)
			if (is_open(k) && process_id_equal(loan_at(k)->borrower, process->id) &&
			    overlap(loan_at(k), loan_at(i)))
				host_violation("slot %u has loans 0x%x and 0x%x of one byte",
					       slot_of(process), loan_at(k)->id.raw,
					       loan_at(i)->id.raw);
	}
	if (windows != (process->policy->window_count != 0))
		host_violation("slot %u has a window that no loan gives it", slot_of(process));
}

static void check_slice(const struct process *process, uint32_t driver, enum allow_kind kind,
			const struct user_slice *slice)
{
	if (slice->length == 0 ||
	    oracle_within(slice->base, slice->length, process->memory.ram_start,
			  process->memory.app_break) ||
	    oracle_within(slice->base, slice->length, process->flash_start, process->flash_end))
		return;
	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = loan_at(i);

		if (loan->state == LOAN_LIVE && loan->held &&
		    process_id_equal(loan->borrower, process->id) &&
		    (kind == ALLOW_RO || (loan->flags & LOAN_WRITE) != 0) &&
		    (loan->driver == LOAN_TO_ANY || loan->driver == driver) &&
		    oracle_within(slice->base, slice->length, loan->start,
				  loan->start + loan->length))
			return;
	}
	host_violation("slot %u: driver 0x%x has 0x%08x, %u bytes, which are not lent to it",
		       slot_of(process), driver, slice->base, slice->length);
}

static void check_allows(const struct process *process)
{
	const struct user_slice *slice;

	for (uint32_t i = 0; i < board.driver_count; i++)
		for (uint32_t kind = ALLOW_RO; kind <= ALLOW_UR; kind++)
			for (uint32_t n = 0;
			     process->grants[i] != NULL &&
			     (slice = grant_slice(process->grants[i], (enum allow_kind)kind, n)) !=
				     NULL;
			     n++)
				check_slice(process, board.drivers[i].number, (enum allow_kind)kind,
					    slice);
}

void oracle_check_loans(void)
{
	for (uint32_t i = 0; i < board.loans.slots; i++) {
		if (loan_at(i)->state == LOAN_ENDING)
			host_violation("loan 0x%x did not end", loan_at(i)->id.raw);
		if (loan_at(i)->state == LOAN_LIVE)
			check_effect(i);
	}
	for (uint32_t i = 0; i < board.process_count; i++) {
		const struct process *process = &board.processes[i];

		if (!oracle_is_alive(process))
			continue;
		oracle_forget_loans(process);
		check_reach(process);
		check_allows(process);
	}
}
