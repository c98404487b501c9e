/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Is a buffer that a process names its own memory? The one check behind every
 * allow and every upcall address.
 */
#ifndef USER_RANGE_H
#define USER_RANGE_H

#include "trusted/types.h"

#include <stdbool.h>

/* Addresses [start, end). */
struct user_range {
	uptr_t start;
	uptr_t end;
};

/*
 * True if and only if all of [base, base + length) lies in the range, counted
 * without overflow. No byte is in every range: length 0 is true for any base.
 */
/*@ requires \valid_read(range);
    terminates \true;
    assigns \nothing;
    ensures \result <==>
	(length == 0 || (range->start <= base && base + length <= range->end));
    ensures \result <==>
	(\forall integer a; base <= a < base + length ==> range->start <= a < range->end);
*/
bool user_range_contains(const struct user_range *range, uptr_t base, uint32_t length);

#endif
