/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the table of loans says, and how it changes, without processes and
 * hardware: kernel/src/loan.c joins these. Loans are named by their slots. What
 * this promises for all tables is proved: proofs/SOUNDNESS.md.
 */
#ifndef LOAN_TABLE_H
#define LOAN_TABLE_H

#include "lib/compiler.h"
#include "loan_logic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The loan gives the process a window. */
/*@ requires \valid_read(loan);
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan->state == LOAN_LIVE && loan->held && !loan->suspended &&
	loan->borrower.raw == process.raw;
*/
static inline bool loan_opens(const struct loan *loan, struct process_id process)
{
	return loan->state == LOAN_LIVE && loan->held && !loan->suspended &&
	       process_id_equal(loan->borrower, process);
}

/* The loan shuts the process out of a part of its own RAM. */
/*@ requires \valid_read(loan);
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan->state == LOAN_LIVE && loan_alone(loan) &&
	loan->parent == LOAN_NO_PARENT && loan->owner.raw == process.raw;
*/
static inline bool loan_closes(const struct loan *loan, struct process_id process)
{
	return loan->state == LOAN_LIVE && (loan->flags & LOAN_EXCLUSIVE) != 0 &&
	       loan->parent == LOAN_NO_PARENT && process_id_equal(loan->owner, process);
}

/* All of the region is of the loan. */
/*@ requires \valid_read(loan) && \valid_read(region);
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan->start <= region->start &&
	region->start + region->length <= loan->start + loan->length;
*/
bool loan_contains(const struct loan *loan, const struct loan_region *region);

/* A byte of the region is of the loan. */
/*@ requires \valid_read(loan) && \valid_read(region);
    requires loan->length >= 1 && region->length >= 1;
    terminates \true;
    assigns \nothing;
    ensures \result <==> loan_touches(loan, region->start, region->length);
*/
bool loan_overlaps(const struct loan *loan, const struct loan_region *region);

/* The live loan with this id; NULL: there is none. */
/*@ requires loan_table_valid(table);
    terminates \true;
    assigns \nothing;
    ensures \result != \null ==> id.raw % 256 < table.count &&
	\result == table.loans + id.raw % 256 && \result->id.raw == id.raw &&
	\result->state == LOAN_LIVE;
    ensures \result == \null ==> loan_table_ok(table) ==>
	\forall integer i; 0 <= i < table.count && loan_live(table, i) ==>
	table.loans[i].id.raw != id.raw;
*/
static inline struct loan *loan_table_find(struct loan_table table, struct loan_id id)
{
	uint32_t slot = loan_id_slot(id);

	if (slot >= table.count)
		return NULL;

	struct loan *loan = &table.loans[slot];

	return loan->state == LOAN_LIVE && loan->id.raw == id.raw ? loan : NULL;
}

/* The loan through which a process reaches all of the region now; `count`: there is none. */
/*@ requires loan_table_valid(table) && \valid_read(region);
    terminates \true;
    assigns \nothing;
    ensures \result <= table.count;
    ensures \result < table.count ==> loan_opens_to(table, \result, process.raw) &&
	table.loans[\result].start <= region->start && region->start + region->length <=
	table.loans[\result].start + table.loans[\result].length;
    ensures \result == table.count ==> \forall integer i; 0 <= i < table.count &&
	loan_opens_to(table, i, process.raw) ==> !(table.loans[i].start <= region->start &&
	region->start + region->length <= table.loans[i].start + table.loans[i].length);
*/
uint32_t loan_table_covering(struct loan_table table, struct process_id process,
			     const struct loan_region *region);

/* A free slot, searched from `from` on and round; `count`: there is none. */
/*@ requires loan_table_valid(table);
    terminates \true;
    assigns \nothing;
    ensures \result <= table.count;
    ensures \result < table.count ==> table.loans[\result].state == LOAN_FREE;
    ensures \result == table.count ==> \forall integer i; 0 <= i < table.count ==>
	table.loans[i].state != LOAN_FREE;
*/
uint32_t loan_table_free(struct loan_table table, uint32_t from);

/*
 * The offer: a new loan in a free slot, made of the loan in slot `parent` or, with
 * LOAN_NO_PARENT, of what the owner has itself. It opens nothing yet; an exclusive one
 * suspends its parent. A table that is in order stays so. `number` and `share` are left to
 * the caller.
 */
/*@ requires loan_table_valid(table) && \valid_read(terms);
    requires \separated(terms, table.loans + (0 .. table.count - 1));
    requires loan_terms_ok(table, terms, parent);
    requires slot < table.count && table.loans[slot].state == LOAN_FREE;
    terminates \true;
    assigns table.loans[slot], table.loans[parent].used, table.loans[parent].suspended;
    ensures keeps_rows: \old(loan_rows_ok(table)) ==> loan_rows_ok(table);
    ensures keeps_trees: \old(loan_trees_ok(table)) ==> loan_trees_ok(table);
    ensures keeps_apart: \old(loan_trees_ok(table) && loan_all_apart(table)) ==>
	loan_all_apart(table);
    ensures table.loans[slot].id.raw / 256 != \old(table.loans[slot].id.raw) / 256;
    ensures loan_live(table, slot) && !table.loans[slot].held && !table.loans[slot].suspended;
    ensures table.loans[slot].parent == parent;
    ensures table.loans[slot].owner.raw == \old(terms->owner.raw) &&
	table.loans[slot].borrower.raw == \old(terms->borrower.raw);
    ensures table.loans[slot].start == \old(terms->start) &&
	table.loans[slot].length == \old(terms->length);
    ensures table.loans[slot].flags == \old(terms->flags) &&
	table.loans[slot].driver == \old(terms->driver);
    ensures parent == LOAN_NO_PARENT ==> table.loans[slot].depth == 0;
    ensures parent != LOAN_NO_PARENT ==> loan_child_ok(table, slot, parent);
    ensures parent != LOAN_NO_PARENT ==> (table.loans[parent].suspended <==>
	loan_alone(&table.loans[slot]));
*/
void loan_table_add(struct loan_table table, const struct loan_terms *terms, uint32_t slot,
		    uint32_t parent);

/* The acceptance. */
/*@ requires loan_table_valid(table) && loan_table_ok(table);
    requires slot < table.count && loan_live(table, slot);
    terminates \true;
    assigns table.loans[slot].held;
    ensures loan_rows_ok(table) && loan_trees_ok(table) && loan_all_apart(table);
    ensures table.loans[slot].held;
*/
static inline void loan_table_accept(struct loan_table table, uint32_t slot)
{
	struct loan *loan = table.loans + slot;

	loan->held = true;
}

/*
 * The end of a live loan: puts it and all loans made of it, at every depth, into
 * LOAN_ENDING: none of them opens anything any more, and what an exclusive one
 * suspended is open. Why they end is noted in each. No other may be in that state.
 */
/*@ requires loan_table_valid(table) && loan_table_ok(table);
    requires slot < table.count && loan_live(table, slot);
    requires \forall integer i; 0 <= i < table.count ==> table.loans[i].state != LOAN_ENDING;
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures loans_kept{Pre, Post}(table, -1) && loans_used_same{Pre, Post}(table);
    ensures rows: loan_rows_ok(table);
    ensures trees: loan_trees_ok(table);
    ensures apart: loan_all_apart(table);
    ensures table.loans[slot].state == LOAN_ENDING && table.loans[slot].why == (uint8_t)why;
    ensures nothing_left: loans_parents_live(table);
    ensures nothing_else: loans_ended{Pre, Post}(table, slot);
    ensures loans_released{Pre, Post}(table, slot);
*/
void loan_table_end(struct loan_table table, uint32_t slot, enum loan_end why);

#endif
