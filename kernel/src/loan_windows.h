/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the loans make of the windows of a process's protection plan: of which loan
 * each is, and what it opens or closes now.
 */
#ifndef LOAN_WINDOWS_H
#define LOAN_WINDOWS_H

#include "loan_table.h"
#include "trusted/arch.h"

/*@ // A window is set aside from the offer (to shut the owner out) or the acceptance to the end.
    predicate loan_has_window(struct loan_table t, integer i, integer who) =
	t.loans[i].state != LOAN_FREE &&
	((t.loans[i].held && t.loans[i].borrower.raw == who) ||
	 (loan_alone(&t.loans[i]) && t.loans[i].parent == LOAN_NO_PARENT &&
	  t.loans[i].owner.raw == who));

    predicate loan_window_ok(struct loan_table t, integer taken, integer who, integer but) =
	taken == 0 ||
	(taken <= t.count && taken != but + 1 && loan_has_window(t, taken - 1, who));
    predicate loan_windows_but(struct loan_table t, integer first, integer second, integer who,
			       integer but) =
	loan_window_ok(t, first, who, but) && loan_window_ok(t, second, who, but) &&
	(first != 0 ==> first != second) &&
	(\forall integer i; 0 <= i < t.count && i != but && loan_live(t, i) &&
		loan_has_window(t, i, who) ==> first == i + 1 || second == i + 1);

    // The windows of process `who` are those of its loans: each live one has one, once.
    predicate loan_windows_ok(struct loan_table t, struct loan_windows *w, integer who) =
	loan_windows_but(t, w->loan[0], w->loan[1], who, -1);

    predicate window_has(struct arch_window w, integer a) = w.start <= a < w.end;

    predicate window_opens(struct arch_window w, integer flags) =
	((flags & LOAN_WRITE) != 0 ==> w.access == ARCH_READ_WRITE) &&
	((flags & LOAN_WRITE) == 0 ==> w.access == ARCH_READ);

    // A window that is what the loan makes of it for `who`.
    predicate window_is(struct arch_window w, struct loan *l, integer who) =
	!w.kernels &&
	(l->state == LOAN_LIVE && l->held && !l->suspended && l->borrower.raw == who ==>
		w.start == l->start && w.end == l->start + l->length && window_opens(w, l->flags)) &&
	(l->state == LOAN_LIVE && loan_alone(l) && l->parent == LOAN_NO_PARENT &&
	 l->owner.raw == who ==>
		w.start == l->start && w.end == l->start + l->length &&
		w.access == ARCH_CLOSED) &&
	(!(l->state == LOAN_LIVE && l->held && !l->suspended && l->borrower.raw == who) &&
	 !(l->state == LOAN_LIVE && loan_alone(l) && l->parent == LOAN_NO_PARENT &&
	   l->owner.raw == who) ==> w.start == w.end);

    // No byte is in it but those that the loan of this window opens, or closes.
    predicate window_from(struct arch_window w, struct loan_table t, integer taken, integer who) =
	\forall integer a; window_has(w, a) ==> 1 <= taken <= t.count && !w.kernels &&
	loan_has_byte(t.loans + (taken - 1), a) &&
	(w.access == ARCH_CLOSED ==> loan_closes_to(t, taken - 1, who)) &&
	(w.access != ARCH_CLOSED ==> loan_opens_to(t, taken - 1, who) &&
	 window_opens(w, t.loans[taken - 1].flags));
*/

/* The window of a loan that opens it to `who`, and of one that closes it to him. */
/*@ requires \valid_read(loan) && loan->start + loan->length <= UINT32_MAX;
    requires loan->state == LOAN_LIVE && loan->held && !loan->suspended;
    requires loan->owner.raw != loan->borrower.raw;
    terminates \true;
    assigns \nothing;
    ensures window_is(\result, loan, loan->borrower.raw);
*/
static inline struct arch_window loan_window_open(const struct loan *loan)
{
	return (struct arch_window){loan->start, loan->start + loan->length,
				    (loan->flags & LOAN_WRITE) != 0 ? ARCH_READ_WRITE : ARCH_READ,
				    false};
}

/*@ requires \valid_read(loan) && loan->start + loan->length <= UINT32_MAX;
    requires loan->state == LOAN_LIVE && loan_alone(loan) && loan->parent == LOAN_NO_PARENT;
    requires loan->owner.raw != loan->borrower.raw;
    terminates \true;
    assigns \nothing;
    ensures window_is(\result, loan, loan->owner.raw);
*/
static inline struct arch_window loan_window_closed(const struct loan *loan)
{
	return (struct arch_window){loan->start, loan->start + loan->length, ARCH_CLOSED, false};
}

/* What a loan that has a window of the process makes of it now. */
/*@ requires \valid_read(loan);
    requires loan->state == LOAN_LIVE ==> loan->start + loan->length <= UINT32_MAX;
    requires loan->state == LOAN_LIVE ==> loan->owner.raw != loan->borrower.raw;
    terminates \true;
    assigns \nothing;
    ensures window_is(\result, loan, who.raw);
*/
static inline struct arch_window loan_window(const struct loan *loan, struct process_id who)
{
	const struct arch_window none = {0, 0, ARCH_CLOSED, false};

	if (loan_opens(loan, who))
		return loan_window_open(loan);
	return loan_closes(loan, who) ? loan_window_closed(loan) : none;
}

/*
 * All windows that a process has by loans, the others empty: what is in them is what
 * the live loans that it holds open to it, with their rights, and what its own
 * exclusive loans close; nothing else.
 */
/*@ requires loan_table_valid(table) && loan_rows_ok(table) && \valid_read(windows);
    requires \valid(list + (0 .. 1));
    requires \separated(list + (0 .. 1), windows, table.loans + (0 .. table.count - 1));
    requires loan_windows_ok(table, windows, who.raw);
    terminates \true;
    assigns list[0 .. 1];
    ensures nothing_else_first: window_from{Pre}(\at(list[0], Post), table,
	\old(windows->loan[0]), who.raw);
    ensures nothing_else_second: window_from{Pre}(\at(list[1], Post), table,
	\old(windows->loan[1]), who.raw);
    ensures all_open: \forall integer i, a; 0 <= i < table.count &&
	loan_opens_to{Pre}(table, i, who.raw) && loan_has_byte{Pre}(table.loans + i, a) ==>
	(window_has(list[0], a) && window_opens(list[0], \old(table.loans[i].flags))) ||
	(window_has(list[1], a) && window_opens(list[1], \old(table.loans[i].flags)));
    ensures all_closed: \forall integer i, a; 0 <= i < table.count &&
	loan_closes_to{Pre}(table, i, who.raw) && loan_has_byte{Pre}(table.loans + i, a) ==>
	(window_has(list[0], a) && list[0].access == ARCH_CLOSED) ||
	(window_has(list[1], a) && list[1].access == ARCH_CLOSED);
*/
void loan_windows_list(struct loan_table table, const struct loan_windows *windows,
		       struct process_id who, struct arch_window list[ARCH_WINDOWS]);

/* The number of the first window from `first` on that no loan has; ARCH_WINDOWS: none. */
/*@ requires \valid_read(windows) && first <= ARCH_WINDOWS;
    terminates \true;
    assigns \nothing;
    ensures first <= \result <= ARCH_WINDOWS;
    ensures \result < ARCH_WINDOWS ==> windows->loan[\result] == 0;
    ensures \forall integer n; first <= n < \result ==> windows->loan[n] != 0;
*/
static inline uint32_t loan_windows_free(const struct loan_windows *windows, uint32_t first)
{
	uint32_t number = first;

	/*@ loop invariant first <= number <= ARCH_WINDOWS;
	    loop invariant \forall integer n; first <= n < number ==> windows->loan[n] != 0;
	    loop assigns number;
	    loop variant ARCH_WINDOWS - number;
	*/
	while (number < ARCH_WINDOWS && windows->loan[number] != 0)
		number++;
	return number;
}

/* The number of the window that the loan in a slot has; ARCH_WINDOWS: none. */
/*@ requires \valid_read(windows) && slot < LOAN_SLOTS_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result <= ARCH_WINDOWS;
    ensures \result < ARCH_WINDOWS ==> windows->loan[\result] == slot + 1;
    ensures \forall integer n; 0 <= n < \result ==> windows->loan[n] != slot + 1;
*/
static inline uint32_t loan_windows_of(const struct loan_windows *windows, uint32_t slot)
{
	uint32_t number = 0;

	/*@ loop invariant 0 <= number <= ARCH_WINDOWS;
	    loop invariant \forall integer n; 0 <= n < number ==> windows->loan[n] != slot + 1;
	    loop assigns number;
	    loop variant ARCH_WINDOWS - number;
	*/
	while (number < ARCH_WINDOWS && windows->loan[number] != slot + 1u)
		number++;
	return number;
}

/* A window that is free becomes the loan's, which has none of this process. The loan. */
/*@ requires loan_table_valid(table) && \valid(windows) && slot < table.count;
    requires \separated(windows, table.loans + (0 .. table.count - 1));
    requires number < ARCH_WINDOWS && windows->loan[number] == 0;
    terminates \true;
    assigns windows->loan[number];
    ensures windows->loan[number] == slot + 1 && \result == table.loans + slot;
    ensures \forall integer who; loan_has_window{Pre}(table, slot, who) &&
	loan_windows_but{Pre}(table, \old(windows->loan[0]), \old(windows->loan[1]), who, slot) ==>
	loan_windows_but{Pre}(table, \at(windows->loan[0], Post), \at(windows->loan[1], Post),
		who, -1);
*/
static inline const struct loan *loan_windows_take(struct loan_table table, uint32_t slot,
						   struct loan_windows *windows, uint32_t number)
{
	windows->loan[number] = (uint8_t)(slot + 1u);
	return table.loans + slot;
}

/* The loan, which is live no more, has no window of the process any more. Its number. */
/*@ requires loan_table_valid(table) && \valid(windows) && slot < table.count;
    requires \separated(windows, table.loans + (0 .. table.count - 1));
    requires table.loans[slot].state != LOAN_LIVE;
    terminates \true;
    assigns windows->loan[0 .. ARCH_WINDOWS - 1];
    ensures \result <= ARCH_WINDOWS;
    ensures \forall integer n; 0 <= n < ARCH_WINDOWS && n != \result ==>
	windows->loan[n] == \old(windows->loan[n]);
    ensures \result < ARCH_WINDOWS ==> windows->loan[\result] == 0;
    ensures \forall integer who; loan_windows_ok{Pre}(table, windows, who) ==>
	loan_windows_but{Pre}(table, \at(windows->loan[0], Post), \at(windows->loan[1], Post),
		who, slot);
*/
static inline uint32_t loan_windows_drop(struct loan_table table, uint32_t slot,
					 struct loan_windows *windows)
{
	uint32_t number = loan_windows_of(windows, slot);

	(void)table;
	if (number < ARCH_WINDOWS)
		windows->loan[number] = 0;
	return number;
}

#endif
