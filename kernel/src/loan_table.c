/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_table.h"

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

/*@ predicate loan_free(struct loan_table t, integer i) = t.loans[i].state == LOAN_FREE;
    // The loan in this slot (at B) is what these terms (at A) say.
    predicate loan_is{A, B}(struct loan_table t, integer slot, struct loan_terms *o) =
	\at(t.loans[slot].owner.raw, B) == \at(o->owner.raw, A) &&
	\at(t.loans[slot].start, B) == \at(o->start, A) &&
	\at(t.loans[slot].length, B) == \at(o->length, A) &&
	\at(t.loans[slot].flags, B) == \at(o->flags, A);
    predicate loan_descends(struct loan_table t, integer slot, integer p) =
	t.loans[slot].parent == p && (p == LOAN_NO_PARENT ==> t.loans[slot].depth == 0) &&
	(p != LOAN_NO_PARENT ==> p != slot && t.loans[slot].depth == t.loans[p].depth + 1 &&
	 t.loans[p].used == LOAN_PASSED_ON &&
	 (loan_alone(&t.loans[slot]) ==> t.loans[p].suspended));

    // What is true of every loan but one stays so where all that it says of them does. These
    // lemmas are of predicates alone, so that a prover applies them to nothing else.
    lemma rows_stay{A, B}: \forall struct loan_table t, integer but;
	loans_kept{A, B}(t, but) ==> loans_state_same{A, B}(t, but) ==>
	loan_rows_ok{A}(t) ==> loan_ok{B}(t, but) ==> loan_rows_ok{B}(t);
    lemma trees_stay{A, B}: \forall struct loan_table t, integer but;
	loans_kept{A, B}(t, but) ==> loans_state_same{A, B}(t, but) ==>
	loans_used_on{A, B}(t, but) ==> loan_free{A}(t, but) ==>
	loan_trees_ok{A}(t) ==> loan_tree_ok{B}(t, but) ==> loan_trees_ok{B}(t);
    lemma pair_stays{A, B}: \forall struct loan_table t, integer but, i, j;
	loans_kept{A, B}(t, but) ==> 0 <= i < t.count && 0 <= j < t.count ==>
	i != but && j != but ==> loan_apart{A}(t, i, j) ==> loan_apart{B}(t, i, j);
    lemma apart_stay{A, B}: \forall struct loan_table t, integer but;
	loans_kept{A, B}(t, but) ==> loans_state_same{A, B}(t, but) ==>
	loan_all_apart{A}(t) ==> loan_apart_from_all{B}(t, but) ==> loan_all_apart{B}(t);
    lemma new_tree{A, B}: \forall struct loan_table t, integer slot, p, struct loan_terms *o;
	loans_kept{A, B}(t, slot) ==> loans_state_same{A, B}(t, slot) ==>
	loan_is{A, B}(t, slot, o) ==> loan_descends{B}(t, slot, p) ==>
	loan_terms_ok{A}(t, o, p) ==> loan_tree_ok{B}(t, slot);
    lemma new_own_apart{A, B}: \forall struct loan_table t, integer slot, struct loan_terms *o;
	loans_kept{A, B}(t, slot) ==> loans_state_same{A, B}(t, slot) ==>
	loan_is{A, B}(t, slot, o) ==> loan_descends{B}(t, slot, LOAN_NO_PARENT) ==>
	loan_own_ok{A}(t, o) ==> loan_apart_from_all{B}(t, slot);
    lemma new_passed_apart{A, B}: \forall struct loan_table t, integer slot, p,
	struct loan_terms *o; p != LOAN_NO_PARENT ==>
	loans_kept{A, B}(t, slot) ==> loans_state_same{A, B}(t, slot) ==>
	loan_is{A, B}(t, slot, o) ==> loan_descends{B}(t, slot, p) ==>
	loan_passing_ok{A}(t, o, p) ==> loan_trees_ok{A}(t) ==> loan_apart_from_all{B}(t, slot);
*/

/* The free slot is for a loan made of that in slot `parent`, or of none. */
/*@ requires loan_table_valid(table) && slot < table.count;
    requires parent == LOAN_NO_PARENT || (parent < table.count && parent != slot &&
	table.loans[parent].depth < LOAN_DEPTH_MAX);
    terminates \true;
    assigns table.loans[slot].parent, table.loans[slot].depth, table.loans[parent].used,
	table.loans[parent].suspended;
    ensures table.loans[slot].parent == parent;
    ensures parent == LOAN_NO_PARENT ==> table.loans[slot].depth == 0;
    ensures parent != LOAN_NO_PARENT ==>
	table.loans[slot].depth == table.loans[parent].depth + 1 &&
	table.loans[parent].used == LOAN_PASSED_ON;
    ensures parent != LOAN_NO_PARENT ==> (table.loans[parent].suspended <==>
	\old(table.loans[parent].suspended) || alone);
*/
static ALWAYS_INLINE void descend(struct loan_table table, uint32_t slot, uint32_t parent,
				  bool alone)
{
	struct loan *loan = table.loans + slot;

	loan->parent = (uint8_t)parent;
	loan->depth = 0;
	if (parent == LOAN_NO_PARENT)
		return;

	struct loan *from = table.loans + parent;

	loan->depth = (uint8_t)(from->depth + 1u);
	from->used = LOAN_PASSED_ON;
	if (alone)
		from->suspended = true;
}

/* The free slot is an offer; of what it is made is left to descend(). */
/*@ requires \valid(loan) && \valid_read(terms) && \separated(loan, terms);
    requires slot < 256 && terms->flags <= LOAN_FLAGS;
    terminates \true;
    assigns loan->id.raw, loan->owner.raw, loan->borrower.raw, loan->start, loan->length, loan->driver,
	loan->client, loan->state, loan->flags, loan->held, loan->suspended, loan->used,
	loan->why;
    ensures loan->id.raw % 256 == slot && loan->id.raw >= 256;
    ensures loan->id.raw / 256 != \old(loan->id.raw) / 256;
    ensures loan->owner.raw == \old(terms->owner.raw) &&
	loan->borrower.raw == \old(terms->borrower.raw);
    ensures loan->start == \old(terms->start) && loan->length == \old(terms->length);
    ensures loan->flags == \old(terms->flags) && loan->driver == \old(terms->driver);
    ensures loan->state == LOAN_LIVE && !loan->held && !loan->suspended;
*/
static ALWAYS_INLINE void offer(struct loan *loan, const struct loan_terms *terms, uint32_t slot)
{
	loan->id.raw = next_id(loan->id.raw, slot);
	loan->owner.raw = terms->owner.raw;
	loan->borrower.raw = terms->borrower.raw;
	loan->start = terms->start;
	loan->length = terms->length;
	loan->driver = terms->driver;
	loan->client = terms->client;
	loan->state = LOAN_LIVE;
	loan->flags = (uint8_t)terms->flags;
	loan->held = false;
	loan->suspended = false;
	loan->used = LOAN_NOT_USED;
	loan->why = 0;
}

/* The offer, all other loans as they were: what the invariant needs to know of the stores. */
/*@ requires loan_table_valid(table) && \valid_read(terms) && slot < table.count;
    requires \separated(terms, table.loans + (0 .. table.count - 1));
    requires terms->flags <= LOAN_FLAGS && terms->length >= 1 &&
	terms->start + terms->length <= UINT32_MAX && terms->owner.raw != terms->borrower.raw;
    requires parent == LOAN_NO_PARENT || (parent < table.count && parent != slot &&
	table.loans[parent].depth < LOAN_DEPTH_MAX);
    terminates \true;
    assigns table.loans[slot].id.raw, table.loans[slot].owner.raw,
	table.loans[slot].borrower.raw, table.loans[slot].start, table.loans[slot].length,
	table.loans[slot].driver, table.loans[slot].client, table.loans[slot].state,
	table.loans[slot].flags, table.loans[slot].held, table.loans[slot].suspended,
	table.loans[slot].used, table.loans[slot].why, table.loans[slot].parent,
	table.loans[slot].depth, table.loans[parent].used, table.loans[parent].suspended;
    ensures loan_ok(table, slot) && loan_live(table, slot);
    ensures table.loans[slot].id.raw / 256 != \old(table.loans[slot].id.raw) / 256;
    ensures !table.loans[slot].held && !table.loans[slot].suspended;
    ensures table.loans[slot].borrower.raw == \old(terms->borrower.raw) &&
	table.loans[slot].driver == \old(terms->driver);
    ensures loan_is{Pre, Post}(table, slot, terms);
    ensures table.loans[slot].parent == parent && loan_descends(table, slot, parent);
    ensures parent != LOAN_NO_PARENT ==> (table.loans[parent].suspended <==>
	\old(table.loans[parent].suspended) || loan_alone(&table.loans[slot]));
    ensures loans_kept{Pre, Post}(table, slot);
    ensures loans_state_same{Pre, Post}(table, slot);
    ensures loans_used_on{Pre, Post}(table, slot);
*/
static ALWAYS_INLINE void write_offer(struct loan_table table, const struct loan_terms *terms,
				      uint32_t slot, uint32_t parent)
{
	descend(table, slot, parent, (terms->flags & LOAN_EXCLUSIVE) != 0);
	offer(&table.loans[slot], terms, slot);
}

void loan_table_add(struct loan_table table, const struct loan_terms *terms, uint32_t slot,
		    uint32_t parent)
{
	write_offer(table, terms, slot, parent);
	/*@ assert tree: loan_tree_ok(table, slot); */
	/*@ assert own: parent == LOAN_NO_PARENT ==> loan_apart_from_all(table, slot); */
	/*@ assert passed: parent != LOAN_NO_PARENT && \at(loan_trees_ok(table), Pre) ==>
		loan_apart_from_all(table, slot); */
}

/* Marks the loans of this depth that were made of such as are marked; false: there were none. */
