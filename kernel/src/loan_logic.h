/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The words of the contracts about loans (ACSL), and the invariant of their table.
 * No code is here but the two types that they are about.
 */
#ifndef LOAN_LOGIC_H
#define LOAN_LOGIC_H

#include "kernel/loan.h"
#include "trusted/loan.h"

#include <stdint.h>

struct loan_table {
	struct loan *loans;
	uint32_t count; /* at most LOAN_SLOTS_MAX */
};

/* Bytes [start, start + length), at least one, the sum below 2^32. */
struct loan_region {
	uptr_t start;
	uint32_t length;
};

/*@ predicate loan_region_ok(struct loan_region *r) =
	r->length >= 1 && r->start + r->length <= UINT32_MAX;

    predicate loan_table_valid(struct loan_table t) =
	t.count <= LOAN_SLOTS_MAX && \valid(t.loans + (0 .. t.count - 1));

    predicate loan_live(struct loan_table t, integer i) = t.loans[i].state == LOAN_LIVE;
    predicate loan_may_write(struct loan *l) = (l->flags & LOAN_WRITE) != 0;
    predicate loan_alone(struct loan *l) = (l->flags & LOAN_EXCLUSIVE) != 0;

    // Loan i gives `who` a window; it shuts him out of his own RAM.
    predicate loan_opens_to(struct loan_table t, integer i, integer who) =
	loan_live(t, i) && t.loans[i].held && !t.loans[i].suspended &&
	t.loans[i].borrower.raw == who;
    predicate loan_closes_to(struct loan_table t, integer i, integer who) =
	loan_live(t, i) && loan_alone(&t.loans[i]) &&
	t.loans[i].parent == LOAN_NO_PARENT && t.loans[i].owner.raw == who;

    predicate loan_has_byte(struct loan *l, integer a) = l->start <= a < l->start + l->length;
    predicate loan_touches(struct loan *l, integer start, integer length) =
	start < l->start + l->length && l->start < start + length;

    // A loan made of another: inside of it, with no more rights, while that one is held.
    predicate loan_child_ok(struct loan_table t, integer i, integer p) =
	0 <= p < t.count && loan_live(t, p) && t.loans[p].held &&
	t.loans[p].used == LOAN_PASSED_ON &&
	t.loans[p].borrower.raw == t.loans[i].owner.raw &&
	t.loans[i].depth == t.loans[p].depth + 1 &&
	t.loans[p].start <= t.loans[i].start &&
	t.loans[i].start + t.loans[i].length <= t.loans[p].start + t.loans[p].length &&
	(loan_may_write(&t.loans[i]) ==> loan_may_write(&t.loans[p])) &&
	(loan_alone(&t.loans[i]) ==> loan_alone(&t.loans[p]) && t.loans[p].suspended);

    predicate loan_ok(struct loan_table t, integer i) =
	t.loans[i].id.raw % 256 == i && t.loans[i].id.raw >= 256 &&
	t.loans[i].length >= 1 && t.loans[i].start + t.loans[i].length <= UINT32_MAX &&
	t.loans[i].flags <= LOAN_FLAGS &&
	t.loans[i].owner.raw != t.loans[i].borrower.raw;

    predicate loan_tree_ok(struct loan_table t, integer i) =
	(t.loans[i].parent == LOAN_NO_PARENT ==> t.loans[i].depth == 0) &&
	(t.loans[i].parent != LOAN_NO_PARENT ==> loan_child_ok(t, i, t.loans[i].parent));

    // What is lent exclusively has one way out of its owner's hands.
    predicate loan_apart(struct loan_table t, integer i, integer j) =
	t.loans[i].parent == t.loans[j].parent && loan_alone(&t.loans[i]) ==>
	t.loans[i].parent == LOAN_NO_PARENT &&
	(t.loans[i].owner.raw != t.loans[j].owner.raw ||
	 !loan_touches(&t.loans[i], t.loans[j].start, t.loans[j].length));

    // The invariant: each live loan says what can be, ...
    predicate loan_rows_ok(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_LIVE ==> loan_ok(t, i);
    // ... is inside of the live loan that it was made of, if it was, ...
    predicate loan_trees_ok(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_LIVE ==> loan_tree_ok(t, i);
    // ... and does not meet another one that is exclusive.
    predicate loan_apart_from_all(struct loan_table t, integer i) =
	\forall integer k; 0 <= k < t.count && k != i && t.loans[k].state == LOAN_LIVE ==>
	loan_apart(t, i, k) && loan_apart(t, k, i);
    predicate loan_all_apart(struct loan_table t) =
	\forall integer i, j; 0 <= i < t.count && 0 <= j < t.count && i != j &&
	t.loans[i].state == LOAN_LIVE && t.loans[j].state == LOAN_LIVE ==> loan_apart(t, i, j);
    predicate loan_table_ok(struct loan_table t) =
	loan_rows_ok(t) && loan_trees_ok(t) && loan_all_apart(t);

    // The region went through the hands of `who` on its way to i's borrower.
    axiomatic loan_way {
    predicate loan_came_by{L}(struct loan_table t, integer i, integer who)
	reads t.loans, t.loans[..].owner.raw, t.loans[..].parent;
    axiom loan_way_is{L}: \forall struct loan_table t, integer i, who;
	loan_came_by(t, i, who) <==> t.loans[i].owner.raw == who ||
	(t.loans[i].parent != LOAN_NO_PARENT && loan_came_by(t, t.loans[i].parent, who));
    }

    // What the loans but one were made with, and whether they are held, is as it was. (The
    // equations stand inside of the quantifier: provers apply it where a field is read.)
    predicate loans_kept{A, B}(struct loan_table t, integer but) =
	\forall integer i; 0 <= i < t.count && i != but ==>
	\at(t.loans[i].id.raw, A) == \at(t.loans[i].id.raw, B) &&
	\at(t.loans[i].owner.raw, A) == \at(t.loans[i].owner.raw, B) &&
	\at(t.loans[i].borrower.raw, A) == \at(t.loans[i].borrower.raw, B) &&
	\at(t.loans[i].start, A) == \at(t.loans[i].start, B) &&
	\at(t.loans[i].length, A) == \at(t.loans[i].length, B) &&
	\at(t.loans[i].flags, A) == \at(t.loans[i].flags, B) &&
	\at(t.loans[i].parent, A) == \at(t.loans[i].parent, B) &&
	\at(t.loans[i].depth, A) == \at(t.loans[i].depth, B) &&
	\at(t.loans[i].held, A) == \at(t.loans[i].held, B);
    predicate loans_used_on{A, B}(struct loan_table t, integer but) =
	\forall integer i; 0 <= i < t.count && i != but ==>
	(\at(t.loans[i].used == LOAN_PASSED_ON, A) ==> \at(t.loans[i].used == LOAN_PASSED_ON, B)) &&
	(\at(t.loans[i].suspended, A) ==> \at(t.loans[i].suspended, B));
    predicate loans_used_same{A, B}(struct loan_table t) =
	\forall integer i; 0 <= i < t.count ==>
	\at(t.loans[i].used, A) == \at(t.loans[i].used, B);
    predicate loans_suspended_same{A, B}(struct loan_table t) =
	\forall integer i; 0 <= i < t.count ==>
	\at(t.loans[i].suspended, A) == \at(t.loans[i].suspended, B);
    predicate loans_state_same{A, B}(struct loan_table t, integer but) =
	\forall integer i; 0 <= i < t.count && i != but ==>
	\at(t.loans[i].state, A) == \at(t.loans[i].state, B);

    // What changed its state was live and ends, as what it was made of does, unless it is `first`.
    predicate loans_ended{A, B}(struct loan_table t, integer first) =
	\forall integer i; 0 <= i < t.count &&
	\at(t.loans[i].state, A) != \at(t.loans[i].state, B) ==>
	\at(t.loans[i].state, A) == LOAN_LIVE && \at(t.loans[i].state, B) == LOAN_ENDING &&
	(i == first || (\at(t.loans[i].parent != LOAN_NO_PARENT, B) &&
	 \at(t.loans[i].parent < t.count, B) &&
	 \at(t.loans[t.loans[i].parent].state == LOAN_ENDING, B)));
    predicate loans_parents_live(struct loan_table t) =
	\forall integer i; 0 <= i < t.count && t.loans[i].state == LOAN_LIVE &&
	t.loans[i].parent != LOAN_NO_PARENT ==> t.loans[t.loans[i].parent].state == LOAN_LIVE;
    // The end of a loan lets what it was made of open again, and nothing else.
    predicate loans_released{A, B}(struct loan_table t, integer slot) =
	\forall integer i; 0 <= i < t.count &&
	\at(t.loans[i].suspended, A) != \at(t.loans[i].suspended, B) ==>
	i == \at(t.loans[slot].parent, A) && \at(loan_alone(&t.loans[slot]), A) &&
	!\at(t.loans[i].suspended, B);

    // Terms that may go into the table; `parent` is LOAN_NO_PARENT for own memory.
    predicate loan_own_ok(struct loan_table t, struct loan_terms *o) =
	\forall integer i; 0 <= i < t.count && loan_live(t, i) &&
	t.loans[i].parent == LOAN_NO_PARENT && t.loans[i].owner.raw == o->owner.raw &&
	(loan_alone(&t.loans[i]) || (o->flags & LOAN_EXCLUSIVE) != 0) ==>
	!loan_touches(&t.loans[i], o->start, o->length);
    predicate loan_childless(struct loan_table t, integer p) =
	\forall integer i; 0 <= i < t.count && loan_live(t, i) ==> t.loans[i].parent != p;
    predicate loan_passing_ok(struct loan_table t, struct loan_terms *o, integer p) =
	0 <= p < t.count && loan_opens_to(t, p, o->owner.raw) &&
	t.loans[p].depth < LOAN_DEPTH_MAX &&
	t.loans[p].start <= o->start &&
	o->start + o->length <= t.loans[p].start + t.loans[p].length &&
	((o->flags & LOAN_WRITE) != 0 ==> loan_may_write(&t.loans[p])) &&
	((o->flags & LOAN_EXCLUSIVE) != 0 ==> loan_alone(&t.loans[p]) && loan_childless(t, p));
    predicate loan_terms_ok(struct loan_table t, struct loan_terms *o, integer parent) =
	o->flags <= LOAN_FLAGS && o->length >= 1 && o->start + o->length <= UINT32_MAX &&
	o->owner.raw != o->borrower.raw &&
	(parent == LOAN_NO_PARENT ==> loan_own_ok(t, o)) &&
	(parent != LOAN_NO_PARENT ==> loan_passing_ok(t, o, parent));
*/

#endif
