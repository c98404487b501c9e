/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the table of loans says, and how it changes, without processes and
 * hardware: kernel/src/loan.c joins these.
 */
#ifndef LOAN_TABLE_H
#define LOAN_TABLE_H

#include "lib/compiler.h"
#include "trusted/loan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loan_table {
	struct loan *loans;
	uint32_t count;
};

/* Bytes [start, start + length), at least one, the sum below 2^32. */
struct loan_region {
	uptr_t start;
	uint32_t length;
};

/* The loan gives the process a window. */
static inline bool loan_opens(const struct loan *loan, struct process_id process)
{
	return loan->state == LOAN_LIVE && loan->held && !loan->suspended &&
	       process_id_equal(loan->borrower, process);
}

/* The loan shuts the process out of a part of its own RAM. */
static inline bool loan_closes(const struct loan *loan, struct process_id process)
{
	return loan->state == LOAN_LIVE && (loan->flags & LOAN_EXCLUSIVE) != 0 &&
	       loan->parent == LOAN_NO_PARENT && process_id_equal(loan->owner, process);
}

bool loan_contains(const struct loan *loan, const struct loan_region *region);
bool loan_overlaps(const struct loan *loan, const struct loan_region *region);

/* The live loan with this id; NULL: there is none. */
static inline struct loan *loan_table_find(const struct loan_table *table, struct loan_id id)
{
	uint32_t slot = id.raw % (LOAN_SLOTS_MAX + 1);

	if (slot >= table->count)
		return NULL;

	struct loan *loan = &table->loans[slot];

	return loan->state == LOAN_LIVE && loan->id.raw == id.raw ? loan : NULL;
}

/* The loan through which a process reaches all of the region now; NULL: there is none. */
struct loan *loan_table_covering(const struct loan_table *table, struct process_id process,
				 const struct loan_region *region);

/* A free slot, searched from `from` on and round; `count`: there is none. */
uint32_t loan_table_free(const struct loan_table *table, uint32_t from);

/*
 * Puts the loan and all loans made of it, at every depth, into LOAN_ENDING: none
 * of them opens anything any more. Why they end is noted in each.
 */
void loan_table_end(const struct loan_table *table, struct loan *loan, enum loan_end why);

#endif
