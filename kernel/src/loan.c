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

enum { SLOT_BITS = 8, SLOT_MASK = 0xFF };

/* Where the search for a free slot begins: what ended lately stays known for longest. */
static uint32_t next_slot;
static uint32_t loans_made;

/* What a loan that has a window of the process makes of it now. */
static struct arch_window window_of(const struct loan *loan, const struct process *process)
{
	if (loan_closes(loan, process->id))
		return (struct arch_window){loan->start, loan->start + loan->length, ARCH_CLOSED,
					    false};
	if (loan_opens(loan, process->id))
		return (struct arch_window){
			loan->start, loan->start + loan->length,
			(loan->flags & LOAN_WRITE) != 0 ? ARCH_READ_WRITE : ARCH_READ, false};
	return (struct arch_window){0, 0, ARCH_CLOSED, false};
}

void loan_windows(const struct process *process, struct arch_window windows[ARCH_WINDOWS])
{
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (process->window[i] != 0)
			windows[i] = window_of(&board.loans.table[process->window[i] - 1], process);
}

/* The first that no loan and no policy has: there is one. */
static uint32_t free_window(const struct process *process)
{
	uint32_t number = process->policy->window_count != 0 ? 1 : 0;

	while (process->window[number] != 0) {
		number++;
		ASSERT(number < ARCH_WINDOWS);
	}
	return number;
}

void loan_take_window(struct process *process, const struct loan *loan)
{
	const struct arch_window window = window_of(loan, process);
	uint32_t number = free_window(process);

	process->window[number] = (uint8_t)((loan->id.raw & SLOT_MASK) + 1);
	process->windows++;
	process_set_window(process, number, &window);
}

static uint32_t number_of(const struct process *process, const struct loan *loan)
{
	uint32_t number = 0;

	while (process->window[number] != (loan->id.raw & SLOT_MASK) + 1) {
		number++;
		ASSERT(number < ARCH_WINDOWS);
	}
	return number;
}

void loan_renew_window(struct process *process, const struct loan *loan)
{
	const struct arch_window window = window_of(loan, process);

	process_set_window(process, number_of(process, loan), &window);
}

void loan_drop_window(struct process *process, const struct loan *loan)
{
	static const struct arch_window none;
	uint32_t number = number_of(process, loan);

	process->window[number] = 0;
	process->windows--;
	if (process_is_alive(process))
		process_set_window(process, number, &none);
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
		steps++;
		ASSERT(steps <= table->count);
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
	if (parent->driver == DRIVER_LOAN && terms->driver != DRIVER_LOAN &&
	    terms->driver != LOAN_TO_NOBODY)
		return E_INVAL; /* it may not be allowed to a driver by a detour either */
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
	if (owner->lent != 0 && collides(table, terms))
		return E_BUSY;
	if ((terms->flags & LOAN_EXCLUSIVE) != 0 && windows_left(owner) == 0)
		return E_RESERVE;
	return E_OK;
}

/* NULL: there is none. */
static struct loan *take_slot(const struct loan_table *table)
{
	uint32_t slot = loan_table_free(table, next_slot);

	if (slot == table->count)
		return NULL;
	next_slot = slot + 1;
	return &table->loans[slot];
}

/* The next id of the slot: after the last generation the first comes again. */
static struct loan_id next_id(const struct loan_table *table, const struct loan *loan)
{
	uint32_t generation = (loan->id.raw & ~(uint32_t)SLOT_MASK) + (1u << SLOT_BITS);

	if (generation == 0)
		generation = 1u << SLOT_BITS;
	return (struct loan_id){generation | (uint32_t)(loan - table->loans)};
}

static void fill(struct loan *loan, const struct loan_table *table, const struct loan_terms *terms)
{
	const struct loan_id id = next_id(table, loan);

	loans_made++;
	*loan = (struct loan){
		.id = id,
		.owner = terms->owner,
		.borrower = terms->borrower,
		.start = terms->start,
		.length = terms->length,
		.driver = terms->driver,
		.number = loans_made,
		.client = terms->client,
		.state = LOAN_LIVE,
		.flags = (uint8_t)terms->flags,
		.parent = LOAN_NO_PARENT,
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
static enum error commit(struct process *owner, const struct loan_terms *terms, struct loan *parent,
			 struct loan_id *id)
{
	const struct loan_table table = loan_table();
	bool exclusive = (terms->flags & LOAN_EXCLUSIVE) != 0;
	enum error error = loan_make(terms, id);

	if (error != E_OK)
		return error;

	struct loan *loan = &table.loans[id->raw & SLOT_MASK];

	owner->lent++;
	if (parent == NULL) {
		enum error noted =
			process_memory_allow(&owner->memory, terms->start + terms->length);

		ASSERT(noted == E_OK);
		if (exclusive)
			loan_take_window(owner, loan);
	} else {
		loan->parent = (uint8_t)(parent - table.loans);
		parent->children++;
		if (exclusive) {
			parent->suspended = true;
			loan_renew_window(owner, parent);
		}
	}
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
	return commit(owner, terms, parent, id);
}

/* ---- accepting ---- */

static bool holds_part_of(const struct loan_table *table, const struct process *process,
			  const struct loan *wanted)
{
	const struct loan_region region = {wanted->start, wanted->length};

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		if (process->window[i] == 0)
			continue;

		const struct loan *loan = &table->loans[process->window[i] - 1];

		if (process_id_equal(loan->borrower, process->id) && loan_overlaps(loan, &region))
			return true;
	}
	return false;
}

enum error loan_accept(const struct cap_loans *cap, struct process_id borrower, struct loan_id id,
		       struct loan_place *place)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(&table, id);
	struct process *process = process_find(borrower);

	(void)cap;
	if (process == NULL || loan == NULL || loan->held ||
	    !process_id_equal(loan->borrower, borrower))
		return E_INVAL;
	if (holds_part_of(&table, process, loan))
		return E_ALREADY;
	if (windows_left(process) == 0)
		return E_RESERVE;
	loan->held = true;
	loan_take_window(process, loan);
	if (place != NULL)
		*place = (struct loan_place){loan->start, loan->length};
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
