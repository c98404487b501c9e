/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_rules.h"

enum error loan_check_own(struct loan_table table, const struct loan_terms *terms)
{
	const struct loan_region region = {terms->start, terms->length};
	const bool alone = (terms->flags & LOAN_EXCLUSIVE) != 0;

	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant \forall integer k; 0 <= k < i && loan_live(table, k) &&
		table.loans[k].parent == LOAN_NO_PARENT &&
		table.loans[k].owner.raw == terms->owner.raw &&
		(loan_alone(&table.loans[k]) || (terms->flags & LOAN_EXCLUSIVE) != 0) ==>
		!loan_touches(&table.loans[k], terms->start, terms->length);
	    loop assigns i;
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++) {
		const struct loan *loan = &table.loans[i];

		if (loan->state == LOAN_LIVE && loan->parent == LOAN_NO_PARENT &&
		    process_id_equal(loan->owner, terms->owner) &&
		    (alone || (loan->flags & LOAN_EXCLUSIVE) != 0) && loan_overlaps(loan, &region))
			return E_BUSY;
	}
	return E_OK;
}

/* Never to whom it came from: a region has one path from its owner to each process. */
/*@ requires loan_table_valid(table) && loan_table_ok(table);
    requires slot < table.count && loan_live(table, slot);
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan_came_by(table, slot, process.raw);
*/
static bool came_by(struct loan_table table, uint32_t slot, struct process_id process)
{
	/*@ loop invariant slot < table.count && loan_live(table, slot);
	    loop invariant loan_came_by(table, \at(slot, Pre), process.raw) <==>
		loan_came_by(table, slot, process.raw);
	    loop assigns slot;
	    loop variant table.loans[slot].depth;
	*/
	while (!process_id_equal(table.loans[slot].owner, process)) {
		if (table.loans[slot].parent == LOAN_NO_PARENT)
			return false;
		slot = table.loans[slot].parent;
	}
	return true;
}

/*@ requires loan_table_valid(table) && loan_table_ok(table) && slot < table.count;
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan_childless(table, slot);
*/
static bool is_childless(struct loan_table table, uint32_t slot)
{
	if (table.loans[slot].used != LOAN_PASSED_ON)
		return true;
	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant \forall integer k; 0 <= k < i && loan_live(table, k) ==>
		table.loans[k].parent != slot;
	    loop assigns i;
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++)
		if (table.loans[i].state == LOAN_LIVE && table.loans[i].parent == slot)
			return false;
	return true;
}

/* By rights and drivers alone. */
/*@ requires \valid_read(from) && \valid_read(terms);
    terminates \true;
    assigns \nothing;
    ensures \result ==> ((terms->flags & LOAN_WRITE) != 0 ==> loan_may_write(from));
    ensures \result ==> from->driver == LOAN_TO_ANY || (from->driver == DRIVER_LOAN &&
	(terms->driver == DRIVER_LOAN || terms->driver == LOAN_TO_NOBODY));
*/
static bool may_pass_on(const struct loan *from, const struct loan_terms *terms)
{
	if ((terms->flags & LOAN_WRITE) != 0 && (from->flags & LOAN_WRITE) == 0)
		return false;
	if (from->driver == LOAN_TO_ANY)
		return true;
	/* what may not be allowed to a driver may not be so by a detour either */
	return from->driver == DRIVER_LOAN &&
	       (terms->driver == DRIVER_LOAN || terms->driver == LOAN_TO_NOBODY);
}

enum error loan_check_passing(struct loan_table table, const struct loan_terms *terms,
			      uint32_t parent)
{
	if (parent >= table.count)
		return E_INVAL;

	const struct loan *from = &table.loans[parent];

	if (!may_pass_on(from, terms) || came_by(table, parent, terms->borrower))
		return E_INVAL;
	if (from->depth >= LOAN_DEPTH_MAX)
		return E_NOMEM;
	if ((terms->flags & LOAN_EXCLUSIVE) == 0)
		return E_OK;
	if ((from->flags & LOAN_EXCLUSIVE) == 0 || terms->start != from->start ||
	    terms->length != from->length)
		return E_INVAL;
	return is_childless(table, parent) ? E_OK : E_BUSY;
}
