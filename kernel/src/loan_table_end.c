/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The end of a loan and of all that was made of it. */
#include "loan_table.h"

/*@ predicate loan_ends(struct loan_table t, integer i) = t.loans[i].state == LOAN_ENDING;
    predicate loan_depth_is(struct loan_table t, integer i, integer d) = t.loans[i].depth == d;
    predicate loan_passed_on(struct loan_table t, integer i) =
	t.loans[i].used == LOAN_PASSED_ON;
    predicate loans_why_same{A, B}(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && \at(t.loans[i].state, A) != LOAN_LIVE ==>
	\at(t.loans[i].why, A) == \at(t.loans[i].why, B);

    // Between the first mark and the last: each live loan is linked to one that is live or
    // ends, ...
    predicate loans_linked(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_LIVE &&
	t.loans[i].parent != LOAN_NO_PARENT ==> t.loans[i].parent < t.count &&
	t.loans[i].depth == t.loans[t.loans[i].parent].depth + 1 &&
	(t.loans[t.loans[i].parent].state == LOAN_LIVE ||
	 t.loans[t.loans[i].parent].state == LOAN_ENDING);
    // ... those of ending ones that are left are this deep at least, ...
    predicate loans_left(struct loan_table t, integer depth) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_LIVE &&
	t.loans[i].parent != LOAN_NO_PARENT &&
	t.loans[t.loans[i].parent].state == LOAN_ENDING ==> t.loans[i].depth >= depth;
    // ... of the first n even deeper, ...
    predicate loan_passed(struct loan_table t, integer i, integer depth) =
	t.loans[i].state == LOAN_LIVE && t.loans[i].parent != LOAN_NO_PARENT &&
	t.loans[t.loans[i].parent].state == LOAN_ENDING ==> t.loans[i].depth > depth;
    predicate loans_passed(struct loan_table t, integer n, integer depth) =
	\forall integer i; 0 <= i < n && t.loans[i].state == LOAN_LIVE &&
	t.loans[i].parent != LOAN_NO_PARENT &&
	t.loans[t.loans[i].parent].state == LOAN_ENDING ==> t.loans[i].depth > depth;
    // ... and what is marked is at most so deep.
    predicate loans_marked_to(struct loan_table t, integer depth) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_ENDING ==>
	t.loans[i].depth <= depth;

    // Marks of loans that were made of marked ones, and of loan i alone.
    predicate loans_on{A, B}(struct loan_table t) =
	loans_kept{A, B}(t, -1) && loans_used_same{A, B}(t) && loans_suspended_same{A, B}(t) &&
	loans_why_same{A, B}(t) && loans_ended{A, B}(t, -1);
    predicate loan_marks{A, B}(struct loan_table t, integer i) =
	loans_kept{A, B}(t, -1) && loans_used_same{A, B}(t) && loans_suspended_same{A, B}(t) &&
	loans_why_same{A, B}(t) && loans_state_same{A, B}(t, i) && 0 <= i < t.count &&
	\at(loan_live(t, i), A) && \at(loan_ends(t, i), B) &&
	\at(t.loans[i].parent != LOAN_NO_PARENT, A) && \at(t.loans[i].parent < t.count, A) &&
	\at(t.loans[t.loans[i].parent].state == LOAN_ENDING, A);
    // The first mark; all marks.
    predicate loan_first{A, B}(struct loan_table t, integer slot) =
	loans_kept{A, B}(t, -1) && loans_used_same{A, B}(t) && loans_released{A, B}(t, slot) &&
	loans_state_same{A, B}(t, slot) && 0 <= slot < t.count &&
	\at(loan_live(t, slot), A) && \at(loan_ends(t, slot), B);
    predicate loan_all{A, B}(struct loan_table t, integer slot) =
	loans_kept{A, B}(t, -1) && loans_used_same{A, B}(t) && loans_released{A, B}(t, slot) &&
	loans_ended{A, B}(t, slot) && 0 <= slot < t.count &&
	\at(loan_live(t, slot), A) && \at(loan_ends(t, slot), B);
    predicate loans_still_suspended{A, B}(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && \at(t.loans[i].state, B) == LOAN_LIVE &&
	\at(t.loans[i].parent != LOAN_NO_PARENT, B) && \at(t.loans[i].parent < t.count, B) &&
	\at(loan_alone(&t.loans[i]), B) && \at(t.loans[t.loans[i].parent].suspended, A) ==>
	\at(t.loans[t.loans[i].parent].suspended, B);
*/

/*@ // Predicates alone, so that a prover applies them to nothing else.
    lemma mark_is{A, B}: \forall struct loan_table t, integer i;
	loan_marks{A, B}(t, i) ==> loans_on{A, B}(t);
    lemma on_on{A, B, C}: \forall struct loan_table t;
	loans_on{A, B}(t) ==> loans_on{B, C}(t) ==> loans_on{A, C}(t);
    lemma mark_links{A, B}: \forall struct loan_table t, integer i;
	loan_marks{A, B}(t, i) ==> loans_linked{A}(t) ==> loans_linked{B}(t);
    lemma mark_leaves{A, B}: \forall struct loan_table t, integer i, depth;
	loan_marks{A, B}(t, i) ==> loans_linked{A}(t) ==> loan_depth_is{A}(t, i, depth) ==>
	loans_left{A}(t, depth) ==> loans_left{B}(t, depth);
    lemma mark_passes{A, B}: \forall struct loan_table t, integer i, depth;
	loan_marks{A, B}(t, i) ==> loans_linked{A}(t) ==> loan_depth_is{A}(t, i, depth) ==>
	loans_passed{A}(t, i, depth) ==> loans_passed{B}(t, i, depth);
    lemma next_passes{L}: \forall struct loan_table t, integer i, depth;
	loans_passed{L}(t, i, depth) ==> loan_passed{L}(t, i, depth) ==>
	loans_passed{L}(t, i + 1, depth);
    lemma mark_marks_to{A, B}: \forall struct loan_table t, integer i, depth;
	loan_marks{A, B}(t, i) ==> loan_depth_is{A}(t, i, depth) ==>
	loans_marked_to{A}(t, depth) ==> loans_marked_to{B}(t, depth);
    lemma none_is_left{L}: \forall struct loan_table t, integer from, to; loans_linked{L}(t) ==>
	loans_left{L}(t, from) ==> loans_marked_to{L}(t, to) ==> to + 2 <= from ==>
	loans_parents_live{L}(t);

    lemma first_links{A, B}: \forall struct loan_table t, integer slot;
	loan_first{A, B}(t, slot) ==> loan_trees_ok{A}(t) ==> loans_linked{B}(t);
    lemma first_leaves{A, B}: \forall struct loan_table t, integer slot, depth;
	loan_first{A, B}(t, slot) ==> loan_trees_ok{A}(t) ==> loan_depth_is{A}(t, slot, depth) ==>
	loans_left{B}(t, depth + 1);
    lemma first_is_all{A, B}: \forall struct loan_table t, integer slot;
	loan_first{A, B}(t, slot) ==> loan_trees_ok{A}(t) ==> !loan_passed_on{A}(t, slot) ==>
	loans_parents_live{B}(t);
    lemma all_of_one{A, B}: \forall struct loan_table t, integer slot;
	loan_first{A, B}(t, slot) ==> loan_all{A, B}(t, slot);
    lemma ended_on{A, B, C}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_on{B, C}(t) ==> loans_ended{A, C}(t, slot);
    lemma released_on{A, B, C}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_on{B, C}(t) ==> loans_released{A, C}(t, slot);
    lemma kept_on{A, B, C}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_on{B, C}(t) ==>
	loans_kept{A, C}(t, -1) && loans_used_same{A, C}(t);
    lemma ends_on{A, B, C}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_on{B, C}(t) ==> loan_ends{C}(t, slot);
    lemma all_of_more{A, B, C}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_on{B, C}(t) ==> loan_all{A, C}(t, slot);

    lemma rows_left{A, B}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loan_rows_ok{A}(t) ==> loan_rows_ok{B}(t);
    lemma pair_left{A, B}: \forall struct loan_table t, integer slot, i, j;
	loan_all{A, B}(t, slot) ==> 0 <= i < t.count ==> 0 <= j < t.count ==>
	loan_apart{A}(t, i, j) ==> loan_apart{B}(t, i, j);
    lemma pairs_left{A, B}: \forall struct loan_table t, integer slot, i, j;
	loan_all{A, B}(t, slot) ==> loan_all_apart{A}(t) ==> 0 <= i < t.count ==>
	0 <= j < t.count ==> i != j ==> loan_live{B}(t, i) ==> loan_live{B}(t, j) ==>
	loan_apart{A}(t, i, j);
    lemma apart_left{A, B}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loan_all_apart{A}(t) ==> loan_all_apart{B}(t);
    lemma alone_left{A, B}: \forall struct loan_table t, integer slot, i;
	loan_all{A, B}(t, slot) ==> loan_all_apart{A}(t) ==> 0 <= i < t.count ==>
	loan_live{B}(t, i) ==> loan_apart{A}(t, i, slot);
    lemma suspended_left{A, B}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loan_all_apart{A}(t) ==> loans_still_suspended{A, B}(t);
    lemma trees_left{A, B}: \forall struct loan_table t, integer slot;
	loan_all{A, B}(t, slot) ==> loans_parents_live{B}(t) ==>
	loans_still_suspended{A, B}(t) ==> loan_trees_ok{A}(t) ==> loan_trees_ok{B}(t);
*/

/* Marks a loan that was made of a marked one. */
/*@ requires loan_table_valid(table) && i < table.count;
    requires table.loans[i].state == LOAN_LIVE && table.loans[i].parent < table.count &&
	table.loans[i].parent != LOAN_NO_PARENT &&
	table.loans[table.loans[i].parent].state == LOAN_ENDING;
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures loan_marks{Pre, Post}(table, i);
*/
static ALWAYS_INLINE void mark_child(struct loan_table table, uint32_t i)
{
	table.loans[i].state = LOAN_ENDING;
	table.loans[i].why = LOAN_PARENT_ENDED;
	/*@ assert loans_kept{Pre, Here}(table, -1); */
	/*@ assert loans_used_same{Pre, Here}(table); */
	/*@ assert \forall integer k; 0 <= k < table.count && k != i ==>
		table.loans[k].why == \at(table.loans[k].why, Pre); */
	/*@ assert loans_why_same{Pre, Here}(table); */
	/*@ assert loans_state_same{Pre, Here}(table, i); */
}

/* Marks the loans of this depth that were made of such as are marked; false: there were none. */
/*@ requires loan_table_valid(table) && 1 <= depth <= LOAN_DEPTH_MAX;
    requires loans_linked(table) && loans_left(table, depth) && loans_marked_to(table, depth - 1);
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures loans_on{Pre, Post}(table);
    ensures loans_linked(table) && loans_left(table, depth + 1) && loans_marked_to(table, depth);
    ensures !\result ==> loans_marked_to(table, depth - 1);
*/
static bool mark_children(struct loan_table table, uint32_t depth)
{
	bool any = false;

	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant on: loans_on{Pre, Here}(table);
	    loop invariant linked: loans_linked(table);
	    loop invariant left: loans_left(table, depth);
	    loop invariant passed: loans_passed(table, i, depth);
	    loop invariant marked_to: loans_marked_to(table, depth);
	    loop invariant none: !any ==> loans_marked_to(table, depth - 1);
	    loop assigns i, any, table.loans[0 .. table.count - 1];
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++) {
		struct loan *loan = &table.loans[i];

		/*@ assert inside: loan->state == LOAN_LIVE && loan->parent != LOAN_NO_PARENT ==>
			loan->parent < table.count; */
		if (loan->state == LOAN_LIVE && loan->depth == depth &&
		    loan->parent != LOAN_NO_PARENT &&
		    table.loans[loan->parent].state == LOAN_ENDING) {
			/*@ assert loan_depth_is(table, i, depth); */
			mark_child(table, i);
			any = true;
		}
		/*@ assert passed: loan_passed(table, i, depth); */
	}
	return any;
}

/*
 * Depth by depth, so that one pass for each is enough: a loan is one deeper than the
 * one that it was made of.
 */
/*@ requires loan_table_valid(table) && depth <= LOAN_DEPTH_MAX;
    requires loans_linked(table) && loans_left(table, depth + 1) && loans_marked_to(table, depth);
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures loans_on{Pre, Post}(table);
    ensures loans_parents_live(table);
*/
static ALWAYS_INLINE void mark_made_of(struct loan_table table, uint32_t depth)
{
	bool any = true;

	/*@ loop invariant depth <= LOAN_DEPTH_MAX;
	    loop invariant on: loans_on{Pre, Here}(table);
	    loop invariant linked: loans_linked(table);
	    loop invariant left: loans_left(table, depth + 1);
	    loop invariant marked_to: loans_marked_to(table, depth);
	    loop invariant none: !any ==> loans_marked_to(table, depth - 1);
	    loop assigns depth, any, table.loans[0 .. table.count - 1];
	    loop variant LOAN_DEPTH_MAX - depth;
	*/
	while (any && depth < LOAN_DEPTH_MAX) {
		depth++;
		any = mark_children(table, depth);
		/*@ assert on: loans_on{Pre, Here}(table); */
	}
	/*@ assert deepest: depth == LOAN_DEPTH_MAX ==> loans_parents_live(table); */
}

/* What an exclusive loan suspended is open again. */
/*@ requires loan_table_valid(table) && slot < table.count && loan_live(table, slot);
    requires table.loans[slot].parent == LOAN_NO_PARENT || table.loans[slot].parent < table.count;
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures loan_first{Pre, Post}(table, slot);
    ensures table.loans[slot].why == (uint8_t)why;
*/
static ALWAYS_INLINE void mark_first(struct loan_table table, uint32_t slot, enum loan_end why)
{
	struct loan *loan = &table.loans[slot];

	loan->state = LOAN_ENDING;
	loan->why = (uint8_t)why;
	if ((loan->flags & LOAN_EXCLUSIVE) != 0 && loan->parent != LOAN_NO_PARENT)
		table.loans[loan->parent].suspended = false;
	/*@ assert loans_kept{Pre, Here}(table, -1); */
	/*@ assert loans_used_same{Pre, Here}(table); */
	/*@ assert loans_state_same{Pre, Here}(table, slot); */
	/*@ assert loans_released{Pre, Here}(table, slot); */
}

void loan_table_end(struct loan_table table, uint32_t slot, enum loan_end why)
{
	struct loan *loan = &table.loans[slot];

	mark_first(table, slot, why);
	/*@ assert loan_depth_is{Pre}(table, slot, loan->depth); */
	if (loan->used == LOAN_PASSED_ON)
		mark_made_of(table, loan->depth);
	/*@ assert loan_all{Pre, Here}(table, slot); */
}
