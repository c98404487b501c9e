/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_table.h"

#include <stddef.h>

/*@ // All but its state and why it ended is as it was.
    predicate loan_marked{A, B}(struct loan_table t, integer i) = loan_kept{A, B}(t, i) &&
	\at(t.loans[i].suspended, A) == \at(t.loans[i].suspended, B) &&
	\at(t.loans[i].used, A) == \at(t.loans[i].used, B) &&
	(\at(t.loans[i].state, A) == \at(t.loans[i].state, B) ==>
	 \at(t.loans[i].why, A) == \at(t.loans[i].why, B));

    // What keeps the invariant when loan `slot` is new, in a slot that was free, ...
    lemma loan_add_rows{A, B}: \forall struct loan_table t, integer slot;
	loan_rows_ok{A}(t) && loan_ok{B}(t, slot) &&
	(\forall integer i; 0 <= i < t.count && i != slot ==> loan_terms_same{A, B}(t, i)) ==>
	loan_rows_ok{B}(t);
    lemma loan_add_trees{A, B}: \forall struct loan_table t, integer slot, parent;
	loan_trees_ok{A}(t) && !loan_live{A}(t, slot) && 0 <= slot < t.count <= LOAN_SLOTS_MAX &&
	(\forall integer i; 0 <= i < t.count && i != slot ==> loan_terms_same{A, B}(t, i)) &&
	(\forall integer i; 0 <= i < t.count && i != slot && i != parent ==>
		loan_same{A, B}(t, i)) &&
	(parent != LOAN_NO_PARENT ==> \at(t.loans[parent].used, B) == LOAN_PASSED_ON &&
		(\at(t.loans[parent].suspended, A) ==> \at(t.loans[parent].suspended, B)) &&
		loan_child_ok{B}(t, slot, parent)) &&
	(parent == LOAN_NO_PARENT ==> \at(t.loans[slot].depth, B) == 0) &&
	\at(t.loans[slot].parent, B) == parent ==>
	loan_trees_ok{B}(t);
    lemma loan_add_apart{A, B}: \forall struct loan_table t, integer slot;
	loan_all_apart{A}(t) &&
	(\forall integer i; 0 <= i < t.count && i != slot ==> loan_terms_same{A, B}(t, i)) &&
	(\forall integer i; 0 <= i < t.count && i != slot && loan_live{B}(t, i) ==>
		loan_apart{B}(t, i, slot) && loan_apart{B}(t, slot, i)) ==>
	loan_all_apart{B}(t);

    // ... and when some end, with all that was made of them.
    lemma loan_end_rows{A, B}: \forall struct loan_table t; loan_rows_ok{A}(t) &&
	(\forall integer i; 0 <= i < t.count ==> loan_kept{A, B}(t, i) &&
		(loan_live{B}(t, i) ==> loan_live{A}(t, i))) ==>
	loan_rows_ok{B}(t);
    lemma loan_end_apart{A, B}: \forall struct loan_table t; loan_all_apart{A}(t) &&
	(\forall integer i; 0 <= i < t.count ==> loan_kept{A, B}(t, i) &&
		(loan_live{B}(t, i) ==> loan_live{A}(t, i))) ==>
	loan_all_apart{B}(t);
    lemma loan_end_trees{A, B}: \forall struct loan_table t, integer slot;
	loan_trees_ok{A}(t) && loan_all_apart{A}(t) && 0 <= slot < t.count &&
	loan_live{A}(t, slot) && !loan_live{B}(t, slot) &&
	(\forall integer i; 0 <= i < t.count ==> loan_kept{A, B}(t, i) &&
		\at(t.loans[i].used, A) == \at(t.loans[i].used, B) &&
		(loan_live{B}(t, i) ==> loan_live{A}(t, i)) &&
		(loan_live{B}(t, i) && \at(t.loans[i].parent, B) != LOAN_NO_PARENT ==>
		 loan_live{B}(t, \at(t.loans[i].parent, B))) &&
		(\at(t.loans[i].suspended, A) != \at(t.loans[i].suspended, B) ==>
		 \at(t.loans[slot].parent, A) == i && loan_alone{A}(t.loans + slot))) ==>
	loan_trees_ok{B}(t);
*/

/* Differences of ordered addresses cannot wrap, as sums could. */
bool loan_contains(const struct loan *loan, const struct loan_region *region)
{
	if (region->start < loan->start || region->start - loan->start > loan->length)
		return false;
	return region->length <= loan->length - (region->start - loan->start);
}

bool loan_overlaps(const struct loan *loan, const struct loan_region *region)
{
	if (region->start < loan->start)
		return loan->start - region->start < region->length;
	return region->start - loan->start < loan->length;
}

uint32_t loan_table_covering(struct loan_table table, struct process_id process,
			     const struct loan_region *region)
{
	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant \forall integer k; 0 <= k < i && loan_opens_to(table, k, process.raw) ==>
		!(table.loans[k].start <= region->start && region->start + region->length <=
		table.loans[k].start + table.loans[k].length);
	    loop assigns i;
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++)
		if (loan_opens(&table.loans[i], process) && loan_contains(&table.loans[i], region))
			return i;
	return table.count;
}

uint32_t loan_table_free(struct loan_table table, uint32_t from)
{
	const uint32_t first = from < table.count ? from : 0;
	uint32_t slot = first;

	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant table.count == 0 || slot < table.count;
	    loop invariant first + i < table.count ==> slot == first + i;
	    loop invariant first + i >= table.count && table.count > 0 ==>
		slot == first + i - table.count;
	    loop invariant \forall integer k; first <= k < table.count && k < first + i ==>
		table.loans[k].state != LOAN_FREE;
	    loop invariant \forall integer k; 0 <= k < first + i - table.count ==>
		table.loans[k].state != LOAN_FREE;
	    loop assigns i, slot;
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++) {
		if (table.loans[slot].state == LOAN_FREE)
			return slot;
		slot = slot + 1 < table.count ? slot + 1 : 0;
	}
	return table.count;
}

enum { GENERATION_LAST = 0xFFFFFF };

/* The next id of the slot: after the last generation the first comes again. */
/*@ requires slot < 256;
    terminates \true;
    assigns \nothing;
    ensures \result % 256 == slot && \result >= 256;
    ensures \result / 256 != last / 256;
*/
static uint32_t next_id(uint32_t last, uint32_t slot)
{
	uint32_t generation = last / 256u;

	generation = generation < GENERATION_LAST ? generation + 1u : 1u;
	return generation * 256u + slot;
}

/* All but where it comes from. */
/*@ requires \valid(loan) && \valid_read(terms) && \separated(loan, terms) && slot < 256;
    requires terms->flags <= LOAN_FLAGS;
    terminates \true;
    assigns *loan;
    ensures loan->id.raw % 256 == slot && loan->id.raw >= 256;
    ensures loan->id.raw / 256 != \old(loan->id.raw) / 256;
    ensures loan->owner.raw == terms->owner.raw && loan->borrower.raw == terms->borrower.raw;
    ensures loan->start == terms->start && loan->length == terms->length;
    ensures loan->driver == terms->driver && loan->flags == terms->flags;
    ensures loan->state == LOAN_LIVE && !loan->held && !loan->suspended;
*/
static ALWAYS_INLINE void fill(struct loan *loan, const struct loan_terms *terms, uint32_t slot)
{
	loan->id.raw = next_id(loan->id.raw, slot);
	loan->owner.raw = terms->owner.raw;
	loan->borrower.raw = terms->borrower.raw;
	loan->start = terms->start;
	loan->length = terms->length;
	loan->driver = terms->driver;
	loan->client = terms->client;
	loan->share = NULL;
	loan->state = LOAN_LIVE;
	loan->flags = (uint8_t)terms->flags;
	loan->held = false;
	loan->suspended = false;
	loan->used = LOAN_NOT_USED;
	loan->why = 0;
}

/* The loan in a free slot will be the parent's child; all of the parent's facts are in place. */
/*@ requires loan_table_valid(table) && slot < table.count && parent < table.count;
    requires slot != parent && table.loans[parent].depth < LOAN_DEPTH_MAX;
    terminates \true;
    assigns table.loans[slot].parent, table.loans[slot].depth,
	table.loans[parent].used, table.loans[parent].suspended;
    ensures table.loans[slot].parent == parent;
    ensures table.loans[slot].depth == table.loans[parent].depth + 1;
    ensures table.loans[parent].used == LOAN_PASSED_ON;
    ensures table.loans[parent].suspended <==>
	\old(table.loans[parent].suspended) || (flags & LOAN_EXCLUSIVE) != 0;
*/
static ALWAYS_INLINE void adopt(struct loan_table table, uint32_t slot, uint32_t parent,
				uint32_t flags)
{
	struct loan *from = &table.loans[parent];

	table.loans[slot].parent = (uint8_t)parent;
	table.loans[slot].depth = (uint8_t)(from->depth + 1u);
	from->used = LOAN_PASSED_ON;
	if ((flags & LOAN_EXCLUSIVE) != 0)
		from->suspended = true;
}

/*@ requires loan_table_valid(table) && slot < table.count;
    terminates \true;
    assigns table.loans[slot].parent, table.loans[slot].depth;
    ensures table.loans[slot].parent == LOAN_NO_PARENT && table.loans[slot].depth == 0;
*/
static ALWAYS_INLINE void begin(struct loan_table table, uint32_t slot)
{
	table.loans[slot].parent = LOAN_NO_PARENT;
	table.loans[slot].depth = 0;
}

void loan_table_add(struct loan_table table, const struct loan_terms *terms, uint32_t slot,
		    uint32_t parent)
{
	fill(&table.loans[slot], terms, slot);
	/*@ assert filled: \forall integer i; 0 <= i < table.count && i != slot ==>
		loan_same{Pre, Here}(table, i); */
	if (parent == LOAN_NO_PARENT)
		begin(table, slot);
	else
		adopt(table, slot, parent, terms->flags);
	/*@ assert terms_same: \forall integer i; 0 <= i < table.count && i != slot ==>
		loan_terms_same{Pre, Here}(table, i); */
	/*@ assert others_same: \forall integer i; 0 <= i < table.count && i != slot &&
		i != parent ==> loan_same{Pre, Here}(table, i); */
	//@ assert the_loan: loan_ok(table, slot) && table.loans[slot].parent == parent;
	/*@ assert the_root: parent == LOAN_NO_PARENT ==> table.loans[slot].depth == 0; */
	/*@ assert the_parent: parent != LOAN_NO_PARENT ==>
		table.loans[parent].used == LOAN_PASSED_ON && (table.loans[parent].suspended <==>
		(terms->flags & LOAN_EXCLUSIVE) != 0) && loan_child_ok(table, slot, parent); */
	/*@ assert apart: \forall integer i; 0 <= i < table.count && i != slot &&
		loan_live(table, i) ==>
		loan_apart(table, i, slot) && loan_apart(table, slot, i); */
}

/*@ requires \valid(loan);
    terminates \true;
    assigns loan->state, loan->why;
    ensures loan->state == LOAN_ENDING && loan->why == (uint8_t)why;
*/
static void mark(struct loan *loan, enum loan_end why)
{
	loan->state = LOAN_ENDING;
	loan->why = (uint8_t)why;
}

/* Marks the loans of this depth that were made of such as are marked; false: there were none. */
/*@ requires loan_table_valid(table) && 1 <= depth <= LOAN_DEPTH_MAX;
    requires \forall integer i; 0 <= i < table.count && loan_live(table, i) &&
	table.loans[i].parent != LOAN_NO_PARENT ==> table.loans[i].parent < table.count &&
	table.loans[i].depth == table.loans[table.loans[i].parent].depth + 1;
    terminates \true;
    assigns table.loans[0 .. table.count - 1];
    ensures kept: \forall integer i; 0 <= i < table.count ==> loan_marked{Pre, Post}(table, i);
    ensures all: \forall integer i; 0 <= i < table.count && loan_live(table, i) &&
	table.loans[i].parent != LOAN_NO_PARENT && table.loans[i].depth == depth ==>
	table.loans[table.loans[i].parent].state != LOAN_ENDING;
    ensures only: \forall integer i; 0 <= i < table.count &&
	table.loans[i].state != \old(table.loans[i].state) ==>
	\result && \old(loan_live(table, i)) && table.loans[i].state == LOAN_ENDING &&
	table.loans[i].depth == depth && table.loans[i].parent < table.count &&
	\old(table.loans[table.loans[i].parent].state) == LOAN_ENDING;
*/
static bool mark_children(struct loan_table table, uint32_t depth)
{
	bool any = false;

	/*@ loop invariant 0 <= i <= table.count;
	    loop invariant kept: \forall integer k; 0 <= k < table.count ==>
		loan_marked{Pre, Here}(table, k);
	    loop invariant only: \forall integer k; 0 <= k < table.count &&
		table.loans[k].state != \at(table.loans[k].state, Pre) ==>
		any && k < i && \at(loan_live(table, k), Pre) &&
		table.loans[k].state == LOAN_ENDING &&
		table.loans[k].depth == depth && table.loans[k].parent < table.count &&
		\at(table.loans[table.loans[k].parent].state, Pre) == LOAN_ENDING;
	    loop invariant all: \forall integer k; 0 <= k < i && loan_live(table, k) &&
		table.loans[k].parent != LOAN_NO_PARENT && table.loans[k].depth == depth ==>
		\at(table.loans[table.loans[k].parent].state, Pre) != LOAN_ENDING;
	    loop assigns i, any, table.loans[0 .. table.count - 1];
	    loop variant table.count - i;
	*/
	for (uint32_t i = 0; i < table.count; i++) {
		struct loan *loan = &table.loans[i];

		if (loan->state == LOAN_LIVE && loan->depth == depth &&
		    loan->parent != LOAN_NO_PARENT &&
		    table.loans[loan->parent].state == LOAN_ENDING) {
			mark(loan, LOAN_PARENT_ENDED);
			any = true;
		}
	}
	return any;
}

/*
 * Depth by depth, so that one pass for each is enough: a loan is one deeper than the
 * one that it was made of.
 */
void loan_table_end(struct loan_table table, uint32_t slot, enum loan_end why)
{
	struct loan *loan = &table.loans[slot];
	uint32_t depth = loan->depth;
	bool any = loan->used == LOAN_PASSED_ON;

	mark(loan, why);
	if ((loan->flags & LOAN_EXCLUSIVE) != 0 && loan->parent != LOAN_NO_PARENT)
		table.loans[loan->parent].suspended = false;
	/*@ loop invariant table.loans[slot].depth <= depth <= LOAN_DEPTH_MAX;
	    loop invariant ended: table.loans[slot].state == LOAN_ENDING &&
		table.loans[slot].why == (uint8_t)why;
	    loop invariant kept: \forall integer k; 0 <= k < table.count ==>
		loan_kept{Pre, Here}(table, k) &&
		table.loans[k].used == \at(table.loans[k].used, Pre);
	    loop invariant freed: \forall integer k; 0 <= k < table.count &&
		table.loans[k].suspended != \at(table.loans[k].suspended, Pre) ==>
		k == table.loans[slot].parent && loan_alone(&table.loans[slot]) &&
		!table.loans[k].suspended;
	    loop invariant only: \forall integer k; 0 <= k < table.count &&
		table.loans[k].state == LOAN_ENDING ==> table.loans[k].depth <= depth &&
		loan_made_of{Pre}(table, k, slot) && \at(loan_live(table, k), Pre);
	    loop invariant changed: \forall integer k; 0 <= k < table.count &&
		table.loans[k].state != \at(table.loans[k].state, Pre) ==>
		table.loans[k].state == LOAN_ENDING;
	    loop invariant none_left: !any ==> \forall integer k; 0 <= k < table.count &&
		table.loans[k].state == LOAN_ENDING ==>
		table.loans[k].depth < depth || table.loans[k].used != LOAN_PASSED_ON;
	    loop invariant all: \forall integer k; 0 <= k < table.count && loan_live(table, k) &&
		table.loans[k].parent != LOAN_NO_PARENT && table.loans[k].depth <= depth ==>
		table.loans[table.loans[k].parent].state != LOAN_ENDING;
	    loop assigns depth, any, table.loans[0 .. table.count - 1];
	    loop variant LOAN_DEPTH_MAX - depth;
	*/
	while (any && depth < LOAN_DEPTH_MAX) {
		depth++;
		any = mark_children(table, depth);
	}
	/*@ assert closed: \forall integer k; 0 <= k < table.count && loan_live(table, k) &&
		table.loans[k].parent != LOAN_NO_PARENT ==>
		loan_live(table, table.loans[k].parent); */
	/*@ assert fewer: \forall integer k; 0 <= k < table.count && loan_live(table, k) ==>
		\at(loan_live(table, k), Pre); */
}
