/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The end of loans, in three steps, for one loan or a whole tree of them: all are
 * marked; all windows and allows of all of them go; then their clients hear of it.
 */
#include "grant_private.h"
#include "kernel/assert.h"
#include "loan_hooks.h"
#include "loan_private.h"
#include "loan_watch.h"
#include "loan_windows.h"
#include "process.h"
#include "trusted/board.h"

#include <stddef.h>

/*
 * The process of a live loan: it lives, or is just dying. NULL: it is the
 * kernel's loan.
 */
static struct process *process_of(struct process_id id)
{
	if (process_id_is_none(id))
		return NULL;

	struct process *process = &board.processes[process_id_slot(id)];

	ASSERT(process->id.raw == id.raw);
	return process;
}

static void forget(struct user_slice *slice, const struct loan *loan)
{
	const struct loan_region shared = {slice->base, slice->length};

	if (slice->length != 0 && loan_overlaps(loan, &shared))
		*slice = (struct user_slice){0, 0};
}

/* Takes every buffer with a byte of the region from every driver: it shares nothing there. */
static void forget_allows(const struct process *borrower, const struct loan *loan)
{
	for (uint32_t i = 0; i < board.driver_count; i++) {
		struct grant_entry *entry = borrower->grants[i];
		struct user_slice *slice;

		if (entry == NULL)
			continue;
		for (uint32_t n = 0; (slice = grant_slice(entry, ALLOW_RO, n)) != NULL; n++)
			forget(slice, loan);
		for (uint32_t n = 0; (slice = grant_slice(entry, ALLOW_RW, n)) != NULL; n++)
			forget(slice, loan);
		for (uint32_t n = 0; (slice = grant_slice(entry, ALLOW_UR, n)) != NULL; n++)
			forget(slice, loan);
	}
}

/* The loan in a slot, live no more, has no window of the process any more. */
static void drop_window(struct process *process, uint32_t slot)
{
	static const struct arch_window none; /* as loan_window() says of what is not live */
	uint32_t number = loan_windows_drop(loan_table(), slot, &process->windows);

	ASSERT(number < ARCH_WINDOWS);
	if (process_is_alive(process))
		process_set_window(process, number, &none);
}

/* What the borrower had of it. */
static ALWAYS_INLINE void take_from_borrower(const struct loan *loan, uint32_t slot)
{
	struct process *borrower = process_of(loan->borrower);

	if (borrower == NULL || !loan->held)
		return;
	drop_window(borrower, slot);
	if (loan->used != LOAN_NOT_USED && process_is_alive(borrower))
		forget_allows(borrower, loan);
}

/* What the owner gets back of it; a parent that ends too gives nothing. */
static ALWAYS_INLINE void give_to_owner(const struct loan *loan, uint32_t slot)
{
	struct process *owner = process_of(loan->owner);

	if (owner == NULL)
		return;
	owner->lent--;
	if ((loan->flags & LOAN_EXCLUSIVE) == 0)
		return;
	if (loan->parent == LOAN_NO_PARENT)
		drop_window(owner, slot);
	else if (board.loans.table[loan->parent].state == LOAN_LIVE && process_is_alive(owner))
		loan_renew_window(owner, loan->parent);
}

static void tell(const struct loan *loan)
{
	struct loan_info info;

	if (loan->client == NULL)
		return;
	loan_describe(loan, &info);
	loan->client->ops->ended(loan->client, &info, (enum loan_end)loan->why);
}

/* The loan is not live any more, so that no plan made here opens it again. */
static ALWAYS_INLINE void undo(struct loan_table table, uint32_t slot)
{
	take_from_borrower(&table.loans[slot], slot);
	give_to_owner(&table.loans[slot], slot);
}

static NOINLINE void finish_all(struct loan_table table)
{
	for (uint32_t i = 0; i < table.count; i++)
		if (table.loans[i].state == LOAN_ENDING)
			undo(table, i);
	for (uint32_t i = 0; i < table.count; i++) {
		if (table.loans[i].state != LOAN_ENDING)
			continue;
		table.loans[i].state = LOAN_FREE;
		tell(&table.loans[i]);
	}
}

void loan_finish(uint32_t slot, enum loan_end why)
{
	const struct loan_table table = loan_table();
	struct loan *loan = &table.loans[slot];

	loan_table_end(table, slot, why);
	if (loan->used == LOAN_PASSED_ON) {
		finish_all(table);
		return;
	}
	undo(table, slot);
	loan->state = LOAN_FREE;
	tell(loan);
}

enum error loan_return(const struct cap_loans *cap, struct process_id borrower, struct loan_id id)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(table, id);

	(void)cap;
	if (loan == NULL || !process_id_equal(loan->borrower, borrower))
		return E_INVAL;
	loan_finish(loan_id_slot(id), LOAN_RETURNED);
	return E_OK;
}

enum error loan_revoke(const struct cap_loans *cap, struct process_id owner, struct loan_id id)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(table, id);

	(void)cap;
	if (loan == NULL || process_id_is_none(owner) || !process_id_equal(loan->owner, owner))
		return E_INVAL;
	loan_finish(loan_id_slot(id), LOAN_REVOKED);
	return E_OK;
}

enum error loan_expire(const struct cap_loans *cap, struct loan_id id)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(table, id);

	(void)cap;
	if (loan == NULL)
		return E_INVAL;
	loan_finish(loan_id_slot(id), LOAN_EXPIRED);
	return E_OK;
}

void loan_process_ended(const struct process *process)
{
	const struct loan_table table = loan_table();

	for (uint32_t i = 0; i < table.count; i++) {
		struct loan *loan = &table.loans[i];

		if (loan->state != LOAN_LIVE)
			continue;
		if (process_id_equal(loan->owner, process->id))
			loan_finish(i, LOAN_OWNER_DIED);
		else if (process_id_equal(loan->borrower, process->id))
			loan_finish(i, LOAN_BORROWER_DIED);
	}
	process_watch_tell(process->id);
}
