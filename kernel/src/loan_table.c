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

/* The free slot is for a loan made of that in slot `parent`, or of none. */
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

void loan_table_add(struct loan_table table, const struct loan_terms *terms, uint32_t slot,
		    uint32_t parent)
{
	struct loan *loan = &table.loans[slot];

	descend(table, slot, parent, (terms->flags & LOAN_EXCLUSIVE) != 0);
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

/* Marks the loans of this depth that were made of such as are marked; false: there were none. */
static bool mark_children(struct loan_table table, uint32_t depth)
{
	bool any = false;

	for (uint32_t i = 0; i < table.count; i++) {
		struct loan *loan = &table.loans[i];

		if (loan->state == LOAN_LIVE && loan->depth == depth &&
		    loan->parent != LOAN_NO_PARENT &&
		    table.loans[loan->parent].state == LOAN_ENDING) {
			loan->state = LOAN_ENDING;
			loan->why = LOAN_PARENT_ENDED;
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

	loan->state = LOAN_ENDING;
	loan->why = (uint8_t)why;
	if ((loan->flags & LOAN_EXCLUSIVE) != 0 && loan->parent != LOAN_NO_PARENT)
		table.loans[loan->parent].suspended = false;
	while (any && depth < LOAN_DEPTH_MAX) {
		depth++;
		any = mark_children(table, depth);
	}
}
