/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmsav7_plan.h"

enum {
	SIZE_MIN = 7,       /* MPU_RASR.SIZE of 256 bytes */
	SIZE_MAX_USED = 30, /* of 2 GiB */
	RASR_ENABLE = 1,    /* bit 0 */
	RASR_SIZE = 2,      /* weight of bits 5:1 */
	RASR_SRD = 0x100,   /* weight of bits 15:8, one a switched-off subregion */
};

/* The bits below bit n, for n = 0 .. 8. */
/*@ requires n <= 8;
    terminates \true;
    assigns \nothing;
    ensures \result == (n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 3 : n == 3 ? 7 : n == 4 ? 15 :
			n == 5 ? 31 : n == 6 ? 63 : n == 7 ? 127 : 255);
*/
static uint32_t low_bits(uint32_t n)
{
	static const uint8_t mask[9] = {0, 1, 3, 7, 15, 31, 63, 127, 255};

	return mask[n];
}

/* The subregion-disable bits that leave on the subregions [first, end). */
/*@ requires first <= end <= 8;
    terminates \true;
    assigns \nothing;
    ensures 0 <= \result <= 255;
    ensures \result / 1 % 2 == 0 <==> first <= 0 < end;
    ensures \result / 2 % 2 == 0 <==> first <= 1 < end;
    ensures \result / 4 % 2 == 0 <==> first <= 2 < end;
    ensures \result / 8 % 2 == 0 <==> first <= 3 < end;
    ensures \result / 16 % 2 == 0 <==> first <= 4 < end;
    ensures \result / 32 % 2 == 0 <==> first <= 5 < end;
    ensures \result / 64 % 2 == 0 <==> first <= 6 < end;
    ensures \result / 128 % 2 == 0 <==> first <= 7 < end;
*/
static uint32_t srd_find(uint32_t first, uint32_t end)
{
	return 255u - (low_bits(end) - low_bits(first));
}

/*@ requires attributes == PMSAV7_RAM || attributes == PMSAV7_FLASH ||
	     attributes == PMSAV7_READ || attributes == PMSAV7_CLOSED;
    requires srd <= 255 && size <= 31;
    terminates \true;
    assigns \nothing;
    ensures \result % 2 == 1;
    ensures \result / 2 % 32 == size;
    ensures \result / 256 % 256 == srd;
    ensures \result / 65536 * 65536 == attributes;
*/
static uint32_t rasr_pack(enum pmsav7_attributes attributes, uint32_t srd, uint32_t size)
{
	return (uint32_t)attributes + srd * RASR_SRD + size * RASR_SIZE + RASR_ENABLE;
}

void pmsav7_encode(const struct pmsav7_piece *piece, enum pmsav7_attributes attributes,
		   struct pmsav7_region *region)
{
	region->rbar = 0;
	region->rasr = 0;
	if (piece->first == piece->end)
		return;

	uint32_t off = srd_find(piece->first, piece->end);

	region->rbar = piece->base;
	region->rasr = rasr_pack(attributes, off, piece->size);
}

/* count * bytes. A function of its own: the one product of two variables to prove. */
/*@ requires count <= 8 && bytes <= PMSAV7_SUBREGION_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result == pmsav7_times(count, bytes);
*/
static uint32_t times(uint32_t count, uint32_t bytes)
{
	return count * bytes;
}

/* How many whole subregions fit into `bytes`, counting no farther than 8. */
/*@ requires 32 <= subregion <= PMSAV7_SUBREGION_MAX;
    terminates \true;
    assigns \nothing;
    ensures 0 <= \result <= 8;
    ensures pmsav7_times(\result, subregion) <= bytes;
    ensures bytes < pmsav7_times(\result, subregion) + subregion || \result == 8;
*/
static uint32_t fitting(uint32_t bytes, uint32_t subregion)
{
	uint32_t count = bytes / subregion;

	return count > 8u ? 8u : count;
}

/* The base of the region of eight such subregions that holds the address. */
/*@ requires 32 <= subregion <= PMSAV7_SUBREGION_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result <= address < \result + 8 * subregion;
    ensures \result % (8 * subregion) == 0;
*/
static uint32_t region_base(uint32_t address, uint32_t subregion)
{
	uint32_t size = 8u * subregion;
	uint32_t index = address / size;

	/*@ assert quotient: address == index * size + address % size; */
	/*@ assert multiple: (index * size) % size == 0; */
	return index * size;
}

/*@ requires \valid(piece);
    terminates \true;
    assigns *piece;
    ensures pmsav7_piece_ok(*piece);
    ensures piece->size == 7 && piece->subregion == 32;
    ensures piece->first == piece->end == 0;
*/
static void piece_clear(struct pmsav7_piece *piece)
{
	piece->base = 0;
	piece->subregion = PMSAV7_SUBREGION_MIN;
	piece->size = SIZE_MIN;
	piece->first = 0;
	piece->end = 0;
}

/*@ predicate size_ok(struct pmsav7_piece p) =
	7 <= p.size <= 30 && p.subregion == pmsav7_subregion(p.size);
*/

/*@ requires \valid_read(piece) && pmsav7_piece_ok(*piece);
    requires pmsav7_piece_from(*piece) <= 0xFFFFFFFF;
    terminates \true;
    assigns \nothing;
    ensures \result == pmsav7_piece_from(*piece);
*/
static uint32_t piece_start(const struct pmsav7_piece *piece)
{
	return piece->base + times(piece->first, piece->subregion);
}

/* Bytes that it opens. A length, as the end of the last region is 2^32. */
/*@ requires \valid_read(piece) && pmsav7_piece_ok(*piece);
    terminates \true;
    assigns \nothing;
    ensures \result == pmsav7_piece_to(*piece) - pmsav7_piece_from(*piece);
*/
static uint32_t piece_length(const struct pmsav7_piece *piece)
{
	return times(piece->end - piece->first, piece->subregion);
}

/*
 * The piece of subregions of this size that begins at need->start and goes as far
 * as the region does and the limit lets it; false when none begins there.
 */
/*@ requires \valid_read(need) && \valid(piece) && \separated(need, piece);
    requires need->start <= need->limit;
    requires size_ok(*piece);
    terminates \true;
    assigns piece->base, piece->first, piece->end;
    ensures \result ==> pmsav7_piece_ok(*piece);
    ensures \result ==> pmsav7_piece_from(*piece) == need->start;
    ensures \result ==> pmsav7_piece_to(*piece) <= need->limit;
*/
static bool front_of_size(const struct pmsav7_need *need, struct pmsav7_piece *piece)
{
	uint32_t base = region_base(need->start, piece->subregion);
	uint32_t first = fitting(need->start - base, piece->subregion);
	uint32_t count = fitting(need->limit - need->start, piece->subregion);

	if (times(first, piece->subregion) != need->start - base)
		return false;
	piece->base = base;
	piece->first = first;
	piece->end = first + count > 8u ? 8u : first + count;
	return true;
}

/*
 * The piece that begins at need->start and reaches farthest. Smaller subregions
 * first: one that reaches need_end with smaller subregions goes less beyond it.
 */
/*@ requires \valid_read(need) && \valid(best) && \separated(need, best);
    requires need->start <= need->need_end <= need->limit;
    terminates \true;
    assigns *best;
    ensures pmsav7_piece_ok(*best);
    ensures best->first == best->end ||
	(pmsav7_piece_from(*best) == need->start && pmsav7_piece_to(*best) <= need->limit);
    ensures pmsav7_piece_from(*best) <= 0xFFFFFFFF;
*/
static void front_find(const struct pmsav7_need *need, struct pmsav7_piece *best)
{
	struct pmsav7_piece trial;
	uint32_t wanted = need->need_end - need->start;

	piece_clear(best);
	piece_clear(&trial);
	/*@ loop invariant size_ok(trial) && pmsav7_piece_ok(*best);
	    loop invariant best->first == best->end ||
		(pmsav7_piece_from(*best) == need->start && pmsav7_piece_to(*best) <= need->limit);
	    loop invariant pmsav7_piece_from(*best) <= 0xFFFFFFFF;
	    loop assigns trial, *best;
	    loop variant 30 - trial.size;
	*/
	while (front_of_size(need, &trial)) {
		if (piece_length(&trial) > piece_length(best))
			*best = trial;
		if (piece_length(best) >= wanted || trial.size == SIZE_MAX_USED)
			return;
		trial.subregion *= 2u;
		trial.size++;
	}
}

/*
 * The piece of subregions of this size that holds the last byte needed and goes
 * as far down as the region does and need->start lets it; false when it would
 * open memory outside the need.
 */
/*@ requires \valid_read(need) && \valid(piece) && \separated(need, piece);
    requires need->start < need->need_end <= need->limit;
    requires size_ok(*piece);
    terminates \true;
    assigns piece->base, piece->first, piece->end;
    ensures \result ==> pmsav7_piece_ok(*piece);
    ensures \result ==> need->start <= pmsav7_piece_from(*piece) < need->need_end;
    ensures \result ==> need->need_end <= pmsav7_piece_to(*piece) <= need->limit;
*/
static bool back_of_size(const struct pmsav7_need *need, struct pmsav7_piece *piece)
{
	uint32_t subregion = piece->subregion;
	uint32_t last = need->need_end - 1u; /* the subregion of this byte is the last one */
	uint32_t base = region_base(last, subregion);
	uint32_t index = fitting(last - base, subregion);
	uint32_t bottom = base + times(index, subregion); /* of that subregion */

	if (bottom < need->start || need->limit - bottom < subregion)
		return false;

	uint32_t below = fitting(bottom - need->start, subregion);

	piece->base = base;
	piece->first = below > index ? 0 : index - below;
	piece->end = index + 1u;
	return true;
}

/*
 * The piece that closes the gap from need->start + reach to need->need_end; an empty
 * one when there is no gap.
 */
/*@ requires \valid_read(need) && \valid(piece) && \separated(need, piece);
    requires need->start <= need->need_end <= need->limit;
    terminates \true;
    assigns *piece;
    ensures \result ==> pmsav7_piece_ok(*piece);
    ensures \result ==> (piece->first < piece->end <==> need->start + reach < need->need_end);
    ensures \result && piece->first < piece->end ==>
	need->start <= pmsav7_piece_from(*piece) <= need->start + reach &&
	need->need_end <= pmsav7_piece_to(*piece) <= need->limit;
*/
static bool back_find(const struct pmsav7_need *need, uint32_t reach, struct pmsav7_piece *piece)
{
	piece_clear(piece);
	if (reach >= need->need_end - need->start)
		return true;
	/*@ loop invariant size_ok(*piece);
	    loop assigns *piece;
	    loop variant 30 - piece->size;
	*/
	while (back_of_size(need, piece)) {
		if (piece_start(piece) - need->start <= reach)
			return true;
		if (piece->size == SIZE_MAX_USED)
			return false;
		piece->subregion *= 2u;
		piece->size++;
	}
	return false;
}

/* Takes off the subregions that are not needed for the first `wanted` bytes. */
/*@ requires \valid(piece) && pmsav7_piece_ok(*piece);
    terminates \true;
    assigns piece->end;
    ensures pmsav7_piece_ok(*piece);
    ensures piece->end <= \old(piece->end);
    ensures wanted <= \old(pmsav7_piece_to(*piece)) - pmsav7_piece_from(*piece) ==>
	pmsav7_piece_from(*piece) + wanted <= pmsav7_piece_to(*piece) <=
	\old(pmsav7_piece_to(*piece)) && (wanted == 0 ==> piece->first == piece->end);
    ensures wanted >= \old(pmsav7_piece_to(*piece)) - pmsav7_piece_from(*piece) ==>
	piece->end == \old(piece->end);
*/
static void piece_trim(struct pmsav7_piece *piece, uint32_t wanted)
{
	uint32_t count = fitting(wanted, piece->subregion);

	if (times(count, piece->subregion) != wanted)
		count++;
	if (count < piece->end - piece->first)
		piece->end = piece->first + count;
}

bool pmsav7_cover(const struct pmsav7_need *need, struct pmsav7_piece piece[2])
{
	if (need->start > need->need_end || need->need_end > need->limit)
		return false;
	front_find(need, &piece[0]);
	if (!back_find(need, piece_length(&piece[0]), &piece[1]))
		return false;
	/*@ assert front: pmsav7_piece_ok(piece[0]) && (piece[0].first == piece[0].end ||
		(pmsav7_piece_from(piece[0]) == need->start &&
		 pmsav7_piece_to(piece[0]) <= need->limit));
	*/
	/*@ assert back: piece[1].first < piece[1].end ==>
		need->start <= pmsav7_piece_from(piece[1]) <=
		need->start + pmsav7_piece_to(piece[0]) - pmsav7_piece_from(piece[0]) &&
		need->need_end <= pmsav7_piece_to(piece[1]) <= need->limit;
	*/
	/*@ assert gap: piece[1].first < piece[1].end <==> need->need_end - need->start >
		pmsav7_piece_to(piece[0]) - pmsav7_piece_from(piece[0]);
	*/
	piece_trim(&piece[0], need->need_end - need->start);
	/*@ assert none: need->start == need->need_end ==>
		piece[0].first == piece[0].end && piece[1].first == piece[1].end;
	*/
	/*@ assert one: piece[1].first == piece[1].end && need->start < need->need_end ==>
		piece[0].first < piece[0].end && pmsav7_piece_from(piece[0]) == need->start &&
		need->need_end <= pmsav7_piece_to(piece[0]) <= need->limit;
	*/
	/*@ assert two: piece[1].first < piece[1].end ==>
		need->start <= pmsav7_piece_from(piece[1]) &&
		need->need_end <= pmsav7_piece_to(piece[1]) <= need->limit &&
		(piece[0].first == piece[0].end ? pmsav7_piece_from(piece[1]) == need->start :
		 pmsav7_piece_from(piece[0]) == need->start &&
		 pmsav7_piece_from(piece[1]) <= pmsav7_piece_to(piece[0]) < need->need_end);
	*/
	/*@ assert bounds_all: need->need_end <=
		pmsav7_pieces_end(piece[0], piece[1], need->start) <= need->limit;
	*/
	/*@ assert opened_all: \forall integer a;
		(pmsav7_piece_opens(piece[0], a) || pmsav7_piece_opens(piece[1], a)) <==>
		need->start <= a < pmsav7_pieces_end(piece[0], piece[1], need->start);
	*/
	return true;
}

/*@ requires \valid_read(piece + (0 .. 1));
    requires pmsav7_piece_ok(*piece) && pmsav7_piece_ok(piece[1]);
    requires pmsav7_pieces_end(piece[0], piece[1], start) <= 0xFFFFFFFF;
    terminates \true;
    assigns \nothing;
    ensures \result == pmsav7_pieces_end(piece[0], piece[1], start);
*/
static uint32_t pieces_end(const struct pmsav7_piece piece[2], uint32_t start)
{
	if (piece[1].first < piece[1].end)
		return piece_start(&piece[1]) + piece_length(&piece[1]);
	if (piece[0].first < piece[0].end)
		return piece_start(&piece[0]) + piece_length(&piece[0]);
	return start;
}

/*@ requires \valid_read(piece + (0 .. 1)) && \valid(plan);
    requires \separated(piece + (0 .. 1), plan);
    requires pmsav7_piece_ok(piece[0]) && pmsav7_piece_ok(piece[1]);
    requires attributes == PMSAV7_RAM || attributes == PMSAV7_FLASH ||
	     attributes == PMSAV7_READ || attributes == PMSAV7_CLOSED;
    terminates \true;
    assigns plan->region[0 .. 1];
    ensures \forall integer a; pmsav7_region_opens(plan->region[0], a) <==>
	pmsav7_piece_opens(piece[0], a);
    ensures \forall integer a; pmsav7_region_opens(plan->region[1], a) <==>
	pmsav7_piece_opens(piece[1], a);
    ensures pmsav7_region_defined(plan->region[0]) && pmsav7_region_defined(plan->region[1]);
*/
static void pieces_encode(const struct pmsav7_piece piece[2], enum pmsav7_attributes attributes,
			  struct pmsav7_plan *plan)
{
	pmsav7_encode(&piece[0], attributes, &plan->region[0]);
	/*@ assert first: \forall integer a; pmsav7_region_opens(plan->region[0], a) <==>
		pmsav7_piece_opens(piece[0], a);
	*/
	pmsav7_encode(&piece[1], attributes, &plan->region[1]);
	/*@ assert first_stays: \forall integer a; pmsav7_region_opens(plan->region[0], a) <==>
		pmsav7_piece_opens(piece[0], a);
	*/
}

bool pmsav7_plan(const struct pmsav7_need *need, enum pmsav7_attributes attributes,
		 struct pmsav7_plan *plan)
{
	struct pmsav7_piece piece[2];

	if (!pmsav7_cover(need, piece))
		return false;
	/*@ ghost covered: ; */
	plan->end = pieces_end(piece, need->start);
	pieces_encode(piece, attributes, plan);
	/*@ assert start_stays: need->start == \at(need->start, covered); */
	/*@ assert need_stays: need->need_end == \at(need->need_end, covered); */
	/*@ assert limit_stays: need->limit == \at(need->limit, covered); */
	/*@ assert end_stays: plan->end ==
		\at(pmsav7_pieces_end(piece[0], piece[1], need->start), covered);
	*/
	/*@ assert first: \forall integer a; pmsav7_region_opens(plan->region[0], a) <==>
		\at(pmsav7_piece_opens(piece[0], a), covered);
	*/
	/*@ assert second: \forall integer a; pmsav7_region_opens(plan->region[1], a) <==>
		\at(pmsav7_piece_opens(piece[1], a), covered);
	*/
	return true;
}

/* The least limit below which an application at `start` can have all its bytes. */
/*@ requires \valid(app_limit);
    requires start + app_bytes <= top;
    terminates \true;
    assigns *app_limit;
    ensures \result ==> start + app_bytes <= *app_limit <= top;
*/
static bool app_limit_find(uint32_t start, uint32_t app_bytes, uint32_t top, uint32_t *app_limit)
{
	struct pmsav7_need need = {start, start + app_bytes, 0};
	struct pmsav7_piece piece[2];

	/*@ loop invariant 32 <= step <= 2 * PMSAV7_SUBREGION_MAX;
	    loop invariant need.start == start && need.need_end == start + app_bytes;
	    loop assigns step, need.limit, piece[0 .. 1], *app_limit;
	    loop variant 2 * PMSAV7_SUBREGION_MAX - step;
	*/
	for (uint32_t step = PMSAV7_SUBREGION_MIN; step <= PMSAV7_SUBREGION_MAX; step *= 2u) {
		uint32_t tail = need.need_end % step;
		uint32_t extra = tail == 0 ? 0 : step - tail;

		if (extra > top - need.need_end)
			return false;
		need.limit = need.need_end + extra;
		if (pmsav7_cover(&need, piece)) {
			*app_limit = need.limit;
			return true;
		}
	}
	return false;
}

bool pmsav7_place_ram(const struct pmsav7_window *window, struct pmsav7_placement *placement)
{
	if (window->end < window->start || window->end - window->start < window->kernel_bytes)
		return false;

	uint32_t top = window->end - window->kernel_bytes;
	uint32_t room = top - window->start;
	bool found = false;

	/*@ loop invariant 32 <= step <= 2 * PMSAV7_SUBREGION_MAX;
	    loop invariant found == 0 || found == 1;
	    loop invariant found ==> window->start <= placement->start &&
		placement->start + window->app_bytes <= placement->app_limit <= top &&
		placement->app_limit + window->kernel_bytes == placement->end;
	    loop invariant found && window->is_fixed ==> placement->start == window->start;
	    loop assigns step, found, *placement;
	    loop variant 2 * PMSAV7_SUBREGION_MAX - step;
	*/
	for (uint32_t step = PMSAV7_SUBREGION_MIN; step <= PMSAV7_SUBREGION_MAX; step *= 2u) {
		uint32_t tail = window->start % step;
		uint32_t gap = tail == 0 || window->is_fixed ? 0 : step - tail;

		if (gap > room || window->app_bytes > room - gap)
			break;

		uint32_t start = window->start + gap;
		uint32_t app_limit;

		if (found && start + window->app_bytes >= placement->app_limit)
			break; /* this and all later ones end higher */
		if (app_limit_find(start, window->app_bytes, top, &app_limit) &&
		    (!found || app_limit < placement->app_limit)) {
			placement->start = start;
			placement->app_limit = app_limit;
			placement->end = app_limit + window->kernel_bytes;
			found = true;
		}
		if (window->is_fixed)
			break;
	}
	return found;
}
