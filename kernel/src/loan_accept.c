/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The borrower takes the offer. */
#include "kernel/loan.h"

#include "kernel/assert.h"
#include "loan_private.h"
#include "loan_windows.h"
#include "process.h"

#include <stddef.h>

static bool holds_part_of(struct loan_table table, const struct process *process,
			  const struct loan *wanted)
{
	const struct loan_region region = {wanted->start, wanted->length};

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		if (process->windows.loan[i] == 0)
			continue;

		const struct loan *loan = &table.loans[process->windows.loan[i] - 1];

		if (process_id_equal(loan->borrower, process->id) && loan_overlaps(loan, &region))
			return true;
	}
	return false;
}

enum error loan_accept(const struct cap_loans *cap, struct process_id borrower, struct loan_id id,
		       struct loan_place *place)
{
	const struct loan_table table = loan_table();
	const struct loan *loan = loan_table_find(table, id);
	uint32_t window;

	(void)cap;
	if (loan == NULL || loan->held || !process_id_equal(loan->borrower, borrower))
		return E_INVAL;

	struct process *process = process_find(borrower);

	ASSERT(process != NULL); /* a loan ends with its borrower */
	if (holds_part_of(table, process, loan))
		return E_ALREADY;
	window = loan_window_left(process);
	if (window == ARCH_WINDOWS)
		return E_RESERVE;
	loan_table_accept(table, loan_id_slot(id));

	const struct arch_window opened = loan_window_open(
		loan_windows_take(table, loan_id_slot(id), &process->windows, window));

	process_set_window(process, window, &opened);
	if (place != NULL)
		*place = (struct loan_place){loan->start, loan->length};
	return E_OK;
}
