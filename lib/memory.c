/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The four functions that a freestanding compiler expects to find (GCC manual,
 * "Standards"). Compiled so that their loops are not turned into calls of
 * themselves.
 */
#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct MAY_ALIAS word {
	uint32_t value;
};

enum { WORD = sizeof(struct word), RUN = 8 };

/*@ predicate are_bytes{L}(uint8_t *at, integer first, integer end, integer value) =
	\forall integer i; first <= i < end ==> at[i] == value;

    predicate same_bytes{L1, L2}(uint8_t *a, uint8_t *b, integer first, integer end) =
	\forall integer i; first <= i < end ==> \at(a[i], L1) == \at(b[i], L2);

    axiomatic Words {
	predicate word_aligned(uint8_t *at) reads \nothing;
    }
*/

/* No byte is read after one was written in its place, when the first ones go first. */
/*@ predicate goes_up{L}(uint8_t *to, uint8_t *from, integer length) =
	(\base_addr(to) == \base_addr(from) && to <= from) ||
	\separated(to + (0 .. length - 1), from + (0 .. length - 1));
*/

/*
 * What the proof trusts: an aligned word is four bytes, and addresses are numbers.
 * proofs/run.sh names these four.
 */

/*@ terminates \true;
    assigns \nothing;
    ensures \result == 0 <==> word_aligned(pointer);
*/
static size_t misalignment(const uint8_t *pointer)
{
	return (size_t)((uintptr_t)pointer % WORD);
}

/*@ requires word_aligned(to) && \valid(to + (0 .. 31));
    terminates \true;
    assigns to[0 .. 31];
    ensures \forall uint8_t *at; to <= at < to + 32 ==> *at == byte;
    ensures word_aligned(to + 32);
*/
static void run_fill(uint8_t *to, uint8_t byte)
{
	struct word *words = (struct word *)(void *)to;
	uint32_t pattern = UINT32_C(0x01010101) * byte;

	words[0].value = pattern;
	words[1].value = pattern;
	words[2].value = pattern;
	words[3].value = pattern;
	words[4].value = pattern;
	words[5].value = pattern;
	words[6].value = pattern;
	words[7].value = pattern;
}

/*@ requires word_aligned(to) && \valid(to + (0 .. 3));
    requires word_aligned(from) && \valid_read(from + (0 .. 3));
    terminates \true;
    assigns to[0 .. 3];
    ensures to[0] == \old(from[0]) && to[1] == \old(from[1]);
    ensures to[2] == \old(from[2]) && to[3] == \old(from[3]);
    ensures word_aligned(to + 4) && word_aligned(from + 4);
*/
static void word_copy(uint8_t *to, const uint8_t *from)
{
	((struct word *)(void *)to)->value = ((const struct word *)(const void *)from)->value;
}

/*@ terminates \true;
    assigns \nothing;
    ensures \result ==> goes_up(to, from, length);
    ensures !\result ==> \base_addr(to) == \base_addr(from) && from < to;
*/
static bool may_go_up(const uint8_t *to, const uint8_t *from, size_t length)
{
	return (uintptr_t)to - (uintptr_t)from >= length;
}

/*@ requires \valid((uint8_t *)destination + (0 .. length - 1));
    terminates \true;
    assigns ((uint8_t *)destination)[0 .. length - 1];
    assigns \result \from destination;
    ensures are_bytes((uint8_t *)destination, 0, length, (uint8_t)value);
    ensures \result == destination;
*/
void *memset(void *destination, int value, size_t length);

/* Also for a destination that overlaps with the source and begins before it: memmove() uses that. */
/*@ requires \valid((uint8_t *)destination + (0 .. length - 1));
    requires \valid_read((uint8_t *)source + (0 .. length - 1));
    requires goes_up((uint8_t *)destination, (uint8_t *)source, length);
    terminates \true;
    assigns ((uint8_t *)destination)[0 .. length - 1];
    assigns \result \from destination;
    ensures same_bytes{Post, Pre}((uint8_t *)destination, (uint8_t *)source, 0, length);
    ensures \result == destination;
*/
void *memcpy(void *destination, const void *source, size_t length);

/*@ requires \valid((uint8_t *)destination + (0 .. length - 1));
    requires \valid_read((uint8_t *)source + (0 .. length - 1));
    terminates \true;
    assigns ((uint8_t *)destination)[0 .. length - 1];
    assigns \result \from destination;
    ensures same_bytes{Post, Pre}((uint8_t *)destination, (uint8_t *)source, 0, length);
    ensures \result == destination;
*/
void *memmove(void *destination, const void *source, size_t length);

/*@ requires \valid_read((uint8_t *)left + (0 .. length - 1));
    requires \valid_read((uint8_t *)right + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
    ensures \result == 0 ==> same_bytes{Here, Here}((uint8_t *)left, (uint8_t *)right, 0, length);
    ensures \result != 0 ==> \exists integer i; 0 <= i < length &&
	same_bytes{Here, Here}((uint8_t *)left, (uint8_t *)right, 0, i) &&
	(\result < 0 ? ((uint8_t *)left)[i] < ((uint8_t *)right)[i] :
		       ((uint8_t *)left)[i] > ((uint8_t *)right)[i]);
*/
int memcmp(const void *left, const void *right, size_t length);

void *memset(void *destination, int value, size_t length)
{
	uint8_t *to = destination;
	uint8_t byte = (uint8_t)value;

	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant to == (uint8_t *)destination + (\at(length, Pre) - length);
	    loop invariant are_bytes((uint8_t *)destination, 0, \at(length, Pre) - length, byte);
	    loop assigns to, length, ((uint8_t *)destination)[0 .. \at(length, Pre) - 1];
	    loop variant length;
	*/
	for (; length > 0 && misalignment(to) != 0; length--)
		*to++ = byte;
	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant to == (uint8_t *)destination + (\at(length, Pre) - length);
	    loop invariant are_bytes((uint8_t *)destination, 0, \at(length, Pre) - length, byte);
	    loop invariant length == 0 || word_aligned(to);
	    loop assigns to, length, ((uint8_t *)destination)[0 .. \at(length, Pre) - 1];
	    loop variant length;
	*/
	for (; length >= RUN * WORD; length -= RUN * WORD) {
		run_fill(to, byte);
		to += RUN * WORD;
	}
	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant to == (uint8_t *)destination + (\at(length, Pre) - length);
	    loop invariant are_bytes((uint8_t *)destination, 0, \at(length, Pre) - length, byte);
	    loop assigns to, length, ((uint8_t *)destination)[0 .. \at(length, Pre) - 1];
	    loop variant length;
	*/
	for (; length > 0; length--)
		*to++ = byte;
	return destination;
}

void *memcpy(void *destination, const void *source, size_t length)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if (misalignment(to) == 0 && misalignment(from) == 0) {
		/*@ loop invariant 0 <= length <= \at(length, Pre);
		    loop invariant to == (uint8_t *)destination + (\at(length, Pre) - length);
		    loop invariant from == (uint8_t *)source + (\at(length, Pre) - length);
		    loop invariant word_aligned(to) && word_aligned(from);
		    loop invariant same_bytes{Here, Pre}((uint8_t *)destination, (uint8_t *)source,
							 0, \at(length, Pre) - length);
		    loop invariant same_bytes{Here, Pre}((uint8_t *)source, (uint8_t *)source,
							 \at(length, Pre) - length, \at(length, Pre));
		    loop assigns to, from, length,
				 ((uint8_t *)destination)[0 .. \at(length, Pre) - 1];
		    loop variant length;
		*/
		for (; length >= WORD; length -= WORD) {
			word_copy(to, from);
			to += WORD;
			from += WORD;
		}
	}
	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant to == (uint8_t *)destination + (\at(length, Pre) - length);
	    loop invariant from == (uint8_t *)source + (\at(length, Pre) - length);
	    loop invariant same_bytes{Here, Pre}((uint8_t *)destination, (uint8_t *)source,
						 0, \at(length, Pre) - length);
	    loop invariant same_bytes{Here, Pre}((uint8_t *)source, (uint8_t *)source,
						 \at(length, Pre) - length, \at(length, Pre));
	    loop assigns to, from, length, ((uint8_t *)destination)[0 .. \at(length, Pre) - 1];
	    loop variant length;
	*/
	for (; length > 0; length--)
		*to++ = *from++;
	return destination;
}

void *memmove(void *destination, const void *source, size_t length)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if (may_go_up(to, from, length))
		return memcpy(destination, source, length);
	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant same_bytes{Here, Pre}(to, (uint8_t *)source, length, \at(length, Pre));
	    loop invariant same_bytes{Here, Pre}((uint8_t *)source, (uint8_t *)source, 0, length);
	    loop assigns length, to[0 .. \at(length, Pre) - 1];
	    loop variant length;
	*/
	for (; length > 0; length--)
		to[length - 1] = from[length - 1];
	return destination;
}

int memcmp(const void *left, const void *right, size_t length)
{
	const uint8_t *a = left;
	const uint8_t *b = right;

	/*@ loop invariant 0 <= length <= \at(length, Pre);
	    loop invariant a == (uint8_t *)left + (\at(length, Pre) - length);
	    loop invariant b == (uint8_t *)right + (\at(length, Pre) - length);
	    loop invariant same_bytes{Here, Here}((uint8_t *)left, (uint8_t *)right, 0,
						  \at(length, Pre) - length);
	    loop assigns a, b, length;
	    loop variant length;
	*/
	for (; length > 0; length--, a++, b++)
		if (*a != *b)
			return *a < *b ? -1 : 1;
	return 0;
}
