/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who may lend what to whom, asked before anything changes: what E_OK promises is
 * what loan_table_add() requires.
 */
#ifndef LOAN_RULES_H
#define LOAN_RULES_H

#include "abi/drivers.h"
#include "abi/error.h"
#include "loan_table.h"

/* E_INVAL: no such flags, nothing to lend, too much of it, or to oneself. */
/*@ requires \valid_read(terms);
    terminates \true;
    assigns \nothing;
    ensures \result == E_OK || \result == E_INVAL;
    ensures \result == E_OK <==> terms->owner.raw != terms->borrower.raw &&
	terms->flags <= LOAN_FLAGS && terms->length >= 1 &&
	terms->start + terms->length <= UINT32_MAX;
*/
static inline enum error loan_check_terms(const struct loan_terms *terms)
{
	return process_id_equal(terms->owner, terms->borrower) || terms->flags > LOAN_FLAGS ||
			       terms->length == 0 || terms->length > UINT32_MAX - terms->start
		       ? E_INVAL
		       : E_OK;
}

/*
 * Of memory that is the owner's own. E_BUSY: a piece that is lent exclusively is lent
 * to nobody else.
 */
/*@ requires loan_table_valid(table) && loan_table_ok(table) && \valid_read(terms);
    requires terms->length >= 1;
    terminates \true;
    assigns \nothing;
    ensures \result == E_OK || \result == E_BUSY;
    ensures \result == E_OK <==> loan_own_ok(table, terms);
*/
enum error loan_check_own(struct loan_table table, const struct loan_terms *terms);

/*
 * Of what the owner borrowed by the loan in slot `parent`; `count`: it did not. E_INVAL: it may
 * not pass it on so; E_BUSY: it is passed on already, and should be exclusively; E_NOMEM: it went
 * through too many hands.
 */
/*@ requires loan_table_valid(table) && loan_table_ok(table) && \valid_read(terms);
    requires parent < table.count ==> loan_opens_to(table, parent, terms->owner.raw) &&
	table.loans[parent].start <= terms->start && terms->start + terms->length <=
	table.loans[parent].start + table.loans[parent].length;
    terminates \true;
    assigns \nothing;
    ensures \result == E_OK ==> loan_passing_ok(table, terms, parent);
    ensures \result == E_OK ==> !loan_came_by(table, parent, terms->borrower.raw);
    ensures \result == E_OK ==> table.loans[parent].driver == LOAN_TO_ANY ||
	(table.loans[parent].driver == DRIVER_LOAN &&
	 (terms->driver == DRIVER_LOAN || terms->driver == LOAN_TO_NOBODY));
    ensures \result == E_OK && (terms->flags & LOAN_EXCLUSIVE) != 0 ==>
	terms->start == table.loans[parent].start &&
	terms->length == table.loans[parent].length;
*/
enum error loan_check_passing(struct loan_table table, const struct loan_terms *terms,
			      uint32_t parent);

#endif
