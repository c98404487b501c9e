/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Loans of what a process shares with a driver: the buffer's place in the grant is
 * what tells them apart, and it lives as long as the owner does.
 */
#include "grant_private.h"
#include "loan_hooks.h"
#include "loan_private.h"
#include "process.h"

#include <stddef.h>

enum error loan_offer_shared(const struct cap_loans *cap, const struct loan_shared *shared,
			     struct loan_id *id)
{
	const struct user_slice *slice = grant_shared(shared->entry, ALLOW_RW, shared->number);

	if (slice == NULL || slice->length == 0)
		return E_INVAL;

	const struct loan_terms terms = {
		.owner = shared->entry->process->id,
		.borrower = shared->borrower,
		.start = slice->base,
		.length = slice->length,
		.flags = shared->flags,
		.driver = LOAN_TO_NOBODY,
		.client = shared->client,
	};

	(void)cap;
	return loan_offer_region(&terms, slice, id);
}

void loan_share_ended(const struct process *process, const struct user_slice *share)
{
	const struct loan_table table = loan_table();

	for (uint32_t i = 0; i < table.count; i++) {
		const struct loan *loan = &table.loans[i];

		if (loan->state == LOAN_LIVE && loan->share == share &&
		    process_id_equal(loan->owner, process->id))
			loan_finish(i, LOAN_REVOKED);
	}
}
