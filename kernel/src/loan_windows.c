/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loan_windows.h"

/* The window that is of the loan in slot `taken` - 1; 0: of none. */
/*@ requires loan_table_valid(table) && taken <= table.count;
    requires taken != 0 && loan_live(table, taken - 1) ==> loan_ok(table, taken - 1);
    terminates \true;
    assigns \nothing;
    ensures taken == 0 ==> \result.start == \result.end;
    ensures taken != 0 ==> window_is(\result, table.loans + (taken - 1), who.raw);
    ensures window_from(\result, table, taken, who.raw);
*/
static struct arch_window one(struct loan_table table, uint32_t taken, struct process_id who)
{
	const struct arch_window none = {0, 0, ARCH_CLOSED, false};

	return taken == 0 ? none : loan_window(&table.loans[taken - 1u], who);
}

void loan_windows_list(struct loan_table table, const struct loan_windows *windows,
		       struct process_id who, struct arch_window list[ARCH_WINDOWS])
{
	const struct arch_window first = one(table, windows->loan[0], who);
	const struct arch_window second = one(table, windows->loan[1], who);

	list[0] = first;
	list[1] = second;
}
