/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Joins the table of loans to the processes: their windows, their allows, their
 * death. A loan that is offered has reserved what its end needs, so that ending
 * one cannot fail.
 */
#include "kernel/loan.h"

#include "abi/drivers.h"
#include "grant_private.h"
#include "kernel/assert.h"
#include "loan_hooks.h"
#include "loan_private.h"
#include "loan_table.h"
#include "process.h"
#include "trusted/board.h"
#include "user_range.h"

#include <stddef.h>

enum { SLOT_BITS = 8 };

/* Where the search for a free slot begins: what ended lately stays known for longest. */
static uint32_t next_slot;
static uint32_t loans_made;

struct loan_table loan_table(void)
{
	return (struct loan_table){board.loans.table, board.loans.slots};
}

uint32_t loan_windows(const struct process *process, struct arch_window *windows)
{
	const struct loan_table table = loan_table();
	uint32_t count = 0;

	for (uint32_t i = 0; i < table.count && count < process->windows; i++) {
		const struct loan *loan = &table.loans[i];
		bool closes = loan_closes(loan, process->id);

		if (!closes && !loan_opens(loan, process->id))
			continue;
		windows[count++] = (struct arch_window){
			.start = loan->start,
			.end = loan->start + loan->length,
			.access = closes                            ? ARCH_CLOSED
				  : (loan->flags & LOAN_WRITE) != 0 ? ARCH_READ_WRITE
								    : ARCH_READ,
		};
	}
	return count;
}

static uint32_t windows_left(const struct process *process)
{
	uint32_t taken = process->windows + (process->policy->window_count != 0 ? 1u : 0u);

	return taken < ARCH_WINDOWS ? ARCH_WINDOWS - taken : 0;
}

/* ---- offering ---- */

/* Whether a loan may be passed on to this borrower: never to whom it came from. */
static bool comes_from(const struct loan_table *table, const struct loan *loan,
		       struct process_id borrower)
{
	uint32_t steps = 0;

	while (!process_id_equal(loan->owner, borrower)) {
		if (loan->parent == LOAN_NO_PARENT)
			return false;
		loan = &table->loans[loan->parent];
		ASSERT(++steps <= table->count);
	}
	return true;
}

static enum error check_parent(const struct loan_table *table, const struct loan_terms *terms,
			       const struct loan *parent)
{
	bool exclusive = (terms->flags & LOAN_EXCLUSIVE) != 0;

	if (parent == NULL || (terms->flags & LOAN_WRITE & ~(uint32_t)parent->flags) != 0)
		return E_INVAL;
	if (parent->driver != LOAN_TO_ANY && parent->driver != DRIVER_LOAN)
		return E_INVAL;
	if (comes_from(table, parent, terms->borrower))
		return E_INVAL;
	if (!exclusive)
		return E_OK;
	if ((parent->flags & LOAN_EXCLUSIVE) == 0 || terms->start != parent->start ||
	    terms->length != parent->length)
		return E_INVAL;
	return parent->children == 0 ? E_OK : E_BUSY;
}

/* A piece that is lent exclusively is lent to nobody else. */
static bool collides(const struct loan_table *table, const struct loan_terms *terms)
{
	const struct loan_region region = {terms->start, terms->length};

	for (uint32_t i = 0; i < table->count; i++) {
		const struct loan *loan = &table->loans[i];

		if (loan->state == LOAN_LIVE && loan->parent == LOAN_NO_PARENT &&
		    process_id_equal(loan->owner, terms->owner) &&
		    ((loan->flags | terms->flags) & LOAN_EXCLUSIVE) != 0 &&
		    loan_overlaps(loan, &region))
			return true;
	}
	return false;
}

static enum error check_region(const struct loan_terms *terms)
{
	struct process *borrower = process_find(terms->borrower);

	if (borrower == NULL)
		return E_NODEVICE;
	if (process_id_equal(terms->owner, terms->borrower) ||
	    (terms->flags & ~(uint32_t)LOAN_FLAGS) != 0 || terms->length == 0 ||
	    terms->length > UINT32_MAX - terms->start)
		return E_INVAL;
	return arch_mpu_window_fits(terms->start, terms->length) ? E_OK : E_SIZE;
}

static enum error check_own(const struct loan_table *table, const struct loan_terms *terms,
			    const struct process *owner)
{
	if (collides(table, terms))
		return E_BUSY;
	if ((terms->flags & LOAN_EXCLUSIVE) != 0 && windows_left(owner) == 0)
		return E_RESERVE;
	return E_OK;
}

/* A slot with an id that was never given out; NULL: there is none. */
static struct loan *take_slot(const struct loan_table *table)
{
	uint32_t slot = loan_table_free(table, next_slot);

	if (slot == table->count ||
	    table->loans[slot].id.raw >> SLOT_BITS == UINT32_MAX >> SLOT_BITS)
		return NULL;
	next_slot = slot + 1;
	return &table->loans[slot];
}

static void fill(struct loan *loan, const struct loan_table *table, const struct loan_terms *terms)
{
	uint32_t generation = (loan->id.raw >> SLOT_BITS) + 1;

	*loan = (struct loan){
		.id = {generation << SLOT_BITS | (uint32_t)(loan - table->loans)},
		.owner = terms->owner,
		.borrower = terms->borrower,
		.start = terms->start,
		.length = terms->length,
		.driver = terms->driver,
		.client = terms->client,
		.flags = (uint8_t)terms->flags,
		.parent = LOAN_NO_PARENT,
		.state = LOAN_LIVE,
		.number = ++loans_made,
	};
}

enum error loan_make(const struct loan_terms *terms, struct loan_id *id)
{
	const struct loan_table table = loan_table();
	struct loan *loan = take_slot(&table);

	if (loan == NULL)
		return E_NOMEM;
	fill(loan, &table, terms);
	*id = loan->id;
	return E_OK;
}

/* The commit of loan_offer(): all is checked but for a free slot. */
static enum error commit(const struct loan_terms *terms, struct loan *parent, struct loan_id *id)
{
	const struct loan_table table = loan_table();
	struct process *owner = process_find(terms->owner);
	bool exclusive = (terms->flags & LOAN_EXCLUSIVE) != 0;
	enum error error = loan_make(terms, id);

	if (error != E_OK)
		return error;
	owner->lent++;
	if (parent == NULL) {
		enum error noted =
			process_memory_allow(&owner->memory, terms->start + terms->length);

		ASSERT(noted == E_OK);
		owner->windows = (uint8_t)(owner->windows + (exclusive ? 1 : 0));
	} else {
		loan_table_find(&table, *id)->parent = (uint8_t)(parent - table.loans);
		parent->children++;
		parent->suspended = exclusive;
	}
	if (exclusive)
		process_rewindow(owner);
	return E_OK;
}

enum error loan_offer(const struct cap_loans *cap, const struct loan_terms *terms,
		      struct loan_id *id)
{
	const struct loan_table table = loan_table();
	struct process *owner = process_find(terms->owner);
	struct loan *parent = NULL;
	enum error error;

	(void)cap;
	if (owner == NULL)
		return E_NODEVICE;
	error = check_region(terms);
	if (error != E_OK)
		return error;

	const struct user_range ram = {owner->memory.ram_start, owner->memory.app_break};
	const struct loan_region region = {terms->start, terms->length};

	if (user_range_contains(&ram, terms->start, terms->length)) {
		error = check_own(&table, terms, owner);
	} else {
		parent = loan_table_covering(&table, terms->owner, &region);
		error = check_parent(&table, terms, parent);
	}
	if (error != E_OK)
		return error;
	if (owner->lent >= board.loans.quota)
		return E_NOMEM;
	return commit(terms, parent, id);
}

/* ---- accepting ---- */

static bool holds_part_of(const struct loan_table *table, const struct loan *wanted)
{
	const struct loan_region region = {wanted->start, wanted->length};

	for (uint32_t i = 0; i < table->count; i++) {
		const struct loan *loan = &table->loans[i];

		if (loan->state == LOAN_LIVE && loan->held &&
		    process_id_equal(loan->borrower, wanted->borrower) &&
		    loan_overlaps(loan, &region))
			return true;
	}
	return false;
}

enum error loan_accept(const struct cap_loans *cap, struct process_id borrower, struct loan_id id)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(&table, id);
	struct process *process = process_find(borrower);

	(void)cap;
	if (process == NULL || loan == NULL || loan->held ||
	    !process_id_equal(loan->borrower, borrower))
		return E_INVAL;
	if (holds_part_of(&table, loan))
		return E_ALREADY;
	if (windows_left(process) == 0)
		return E_RESERVE;
	process->windows++;
	loan->held = true;
	process_rewindow(process);
	return E_OK;
}

/* ---- looking ---- */

void loan_describe(const struct loan *loan, struct loan_info *info)
{
	const struct loan_table table = loan_table();

	*info = (struct loan_info){
		.id = loan->id,
		.owner = loan->owner,
		.borrower = loan->borrower,
		.start = loan->start,
		.length = loan->length,
		.driver = loan->driver,
		.flags = loan->flags,
		.held = loan->held,
	};
	if (loan->parent != LOAN_NO_PARENT)
		info->parent = table.loans[loan->parent].id;
}

bool loan_inspect(const struct cap_loans *cap, struct loan_id id, struct loan_info *info)
{
	const struct loan_table table = loan_table();
	const struct loan *loan = loan_table_find(&table, id);

	(void)cap;
	if (loan == NULL)
		return false;
	loan_describe(loan, info);
	return true;
}

bool loan_in_slot(const struct cap_loans *cap, uint32_t slot, struct loan_info *info)
{
	const struct loan_table table = loan_table();

	(void)cap;
	if (slot >= table.count || table.loans[slot].state != LOAN_LIVE)
		return false;
	loan_describe(&table.loans[slot], info);
	return true;
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
	return found == NULL ? 0 : windows_left(found);
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
	struct loan *loan;

	if (process->windows == 0 || allow->length > UINT32_MAX - allow->base)
		return false;
	loan = loan_table_covering(&table, process->id, &region);
	if (loan == NULL || (allow->kind != ALLOW_RO && (loan->flags & LOAN_WRITE) == 0) ||
	    (loan->driver != LOAN_TO_ANY && loan->driver != allow->driver))
		return false;
	loan->allowed = true;
	return true;
}
