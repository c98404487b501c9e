/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Joins the table of loans to the processes: offers, and the windows that loans
 * take. A loan that is offered has reserved what its end needs, so that
 * ending one cannot fail.
 */
#include "kernel/loan.h"

#include "kernel/assert.h"
#include "loan_hooks.h"
#include "loan_private.h"
#include "loan_rules.h"
#include "loan_windows.h"
#include "process.h"
#include "trusted/board.h"
#include "user_range.h"

#include <stddef.h>

_Static_assert(ARCH_WINDOWS == 2, "loan_windows.c names both");

/* Where the search for a free slot begins: what ended lately stays known for longest. */
static uint32_t next_slot;
static uint32_t loans_made;

/* ---- windows ---- */

void loan_windows(const struct process *process, struct arch_window windows[ARCH_WINDOWS])
{
	const struct loan_table table = loan_table();

	loan_windows_list(table, &process->windows, process->id, windows);
}

void loan_renew_window(struct process *process, uint32_t slot)
{
	const struct arch_window window = loan_window(&board.loans.table[slot], process->id);
	uint32_t number = loan_windows_of(&process->windows, slot);

	ASSERT(number < ARCH_WINDOWS);
	process_set_window(process, number, &window);
}

/* ---- offering ---- */

/* Slots are kept for the processes that have lent nothing: one for each. */
static NOINLINE bool leaves_enough(struct loan_table table)
{
	uint32_t left = 0, kept = 0;

	for (uint32_t i = 0; i < table.count; i++)
		left += table.loans[i].state == LOAN_FREE ? 1 : 0;
	for (uint32_t i = 0; i < board.process_count; i++)
		kept += board.processes[i].lent == 0 ? 1 : 0;
	return left > kept;
}

/* What a checked offer goes into. */
struct loan_room {
	uint32_t slot;
	uint32_t parent; /* or LOAN_NO_PARENT */
	uint32_t window; /* for its owner to be shut out by */
};

static ALWAYS_INLINE enum error find_slot(struct loan_table table, const struct process *owner,
					  struct loan_room *room)
{
	if (owner == NULL || owner->lent != 0) {
		if (owner != NULL && owner->lent >= board.loans.quota)
			return E_NOMEM;
		if (!leaves_enough(table))
			return E_NOMEM;
	}
	if (next_slot == table.count)
		next_slot = 0;
	room->slot = next_slot;
	if (table.loans[next_slot].state != LOAN_FREE)
		room->slot = loan_table_free(table, next_slot);
	return room->slot < table.count ? E_OK : E_NOMEM;
}

static struct loan *add(struct loan_table table, const struct loan_terms *terms,
			const struct loan_room *room)
{
	struct loan *loan = table.loans + room->slot;

	next_slot = room->slot + 1;
	loans_made++;
	loan_table_add(table, terms, room->slot, room->parent);
	loan->number = loans_made;
	return loan;
}

enum error loan_offer_own(const struct loan_terms *terms, struct loan_id *id)
{
	const struct loan_table table = loan_table();
	struct loan_room room = {.parent = LOAN_NO_PARENT};
	enum error error = loan_check_own(table, terms);

	if (error == E_OK)
		error = find_slot(table, NULL, &room);
	if (error != E_OK)
		return error;

	struct loan *loan = add(table, terms, &room);

	loan->share = NULL;
	*id = loan->id;
	return E_OK;
}

static enum error check_own(struct loan_table table, const struct loan_terms *terms,
			    const struct process *owner, struct loan_room *room)
{
	enum error error = owner->lent == 0 ? E_OK : loan_check_own(table, terms);

	if (error != E_OK || (terms->flags & LOAN_EXCLUSIVE) == 0)
		return error;
	room->window = loan_window_left(owner);
	return room->window < ARCH_WINDOWS ? E_OK : E_RESERVE;
}

static enum error check_passing(struct loan_table table, const struct loan_terms *terms,
				struct loan_room *room)
{
	const struct loan_region region = {terms->start, terms->length};

	room->parent = loan_table_covering(table, terms->owner, &region);
	return loan_check_passing(table, terms, room->parent);
}

static enum error check(struct loan_table table, const struct loan_terms *terms,
			const struct process *owner, struct loan_room *room)
{
	enum error error;

	if (process_find(terms->borrower) == NULL)
		return E_NODEVICE;
	error = loan_check_terms(terms);
	if (error != E_OK)
		return error;
	if (!arch_mpu_window_fits(terms->start, terms->length))
		return E_SIZE;

	const struct user_range ram = {owner->memory.ram_start, owner->memory.app_break};

	if (user_range_contains(&ram, terms->start, terms->length))
		error = check_own(table, terms, owner, room);
	else
		error = check_passing(table, terms, room);
	return error == E_OK ? find_slot(table, owner, room) : error;
}

static void shut_out(struct loan_table table, struct process *owner, const struct loan_room *room)
{
	const struct arch_window window = loan_window_closed(
		loan_windows_take(table, room->slot, &owner->windows, room->window));

	process_set_window(owner, room->window, &window);
}

/* All is checked. */
static struct loan *commit(struct loan_table table, const struct loan_terms *terms,
			   struct process *owner, const struct loan_room *room)
{
	struct loan *loan = add(table, terms, room);
	bool alone = (terms->flags & LOAN_EXCLUSIVE) != 0;

	owner->lent++;
	if (room->parent == LOAN_NO_PARENT) {
		enum error noted =
			process_memory_allow(&owner->memory, terms->start + terms->length);

		ASSERT(noted == E_OK);
		if (alone)
			shut_out(table, owner, room);
	} else if (alone) {
		loan_renew_window(owner, room->parent);
	}
	return loan;
}

enum error loan_offer_region(const struct loan_terms *terms, const struct user_slice *share,
			     struct loan_id *id)
{
	const struct loan_table table = loan_table();
	struct loan_room room = {.parent = LOAN_NO_PARENT};
	struct process *owner = process_find(terms->owner);
	enum error error;

	if (owner == NULL)
		return E_NODEVICE;
	error = check(table, terms, owner, &room);
	if (error != E_OK)
		return error;

	struct loan *loan = commit(table, terms, owner, &room);

	loan->share = share;
	*id = loan->id;
	return E_OK;
}

enum error loan_offer(const struct cap_loans *cap, const struct loan_terms *terms,
		      struct loan_id *id)
{
	(void)cap;
	return loan_offer_region(terms, NULL, id);
}
