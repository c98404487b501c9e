/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_table.h"

#include <stddef.h>

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

struct loan *loan_table_covering(const struct loan_table *table, struct process_id process,
				 const struct loan_region *region)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (loan_opens(&table->loans[i], process) &&
		    loan_contains(&table->loans[i], region))
			return &table->loans[i];
	return NULL;
}

uint32_t loan_table_free(const struct loan_table *table, uint32_t from)
{
	uint32_t slot = from < table->count ? from : 0;

	for (uint32_t i = 0; i < table->count; i++) {
		if (table->loans[slot].state == LOAN_FREE)
			return slot;
		slot = slot + 1 < table->count ? slot + 1 : 0;
	}
	return table->count;
}

static void mark(struct loan *loan, enum loan_end why)
{
	loan->state = LOAN_ENDING;
	loan->why = (uint8_t)why;
}

/* Marks the loans made of such as are marked; false: there were none left. */
static bool mark_children(const struct loan_table *table)
{
	bool any = false;

	for (uint32_t i = 0; i < table->count; i++) {
		struct loan *loan = &table->loans[i];

		if (loan->state == LOAN_LIVE && loan->parent < table->count &&
		    table->loans[loan->parent].state == LOAN_ENDING) {
			mark(loan, LOAN_PARENT_ENDED);
			any = true;
		}
	}
	return any;
}

void loan_table_end(const struct loan_table *table, struct loan *loan, enum loan_end why)
{
	mark(loan, why);
	if (loan->children == 0)
		return;
	while (mark_children(table)) {
	}
}
