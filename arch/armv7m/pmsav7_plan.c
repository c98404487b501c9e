/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pmsav7_plan.h"

enum {
	SIZE_MIN = 7,       /* MPU_RASR.SIZE of 256 bytes */
	RASR_ENABLE = 1,    /* bit 0 */
	RASR_SIZE = 2,      /* weight of bits 5:1 */
	RASR_SRD = 0x100,   /* weight of bits 15:8, one a switched-off subregion */
};

/* The bits below bit n, for n = 0 .. 8. */
static uint32_t low_bits(uint32_t n)
{
	static const uint8_t mask[9] = {0, 1, 3, 7, 15, 31, 63, 127, 255};

	return mask[n];
}

void pmsav7_encode(const struct pmsav7_piece *piece, enum pmsav7_attributes attributes,
		   struct pmsav7_region *region)
{
	region->rbar = 0;
	region->rasr = 0;
	if (piece->first == piece->end)
		return;

	uint32_t open = low_bits(piece->end) - low_bits(piece->first);

	region->rbar = piece->base;
	region->rasr = (uint32_t)attributes + (255u - open) * RASR_SRD + piece->size * RASR_SIZE +
		       RASR_ENABLE;
}

static void piece_clear(struct pmsav7_piece *piece)
{
	piece->base = 0;
	piece->subregion = PMSAV7_SUBREGION_MIN;
	piece->size = SIZE_MIN;
	piece->first = 0;
	piece->end = 0;
}

/*
 * The piece of subregions of this size that begins at `start`, a multiple of it,
 * and goes as far as the region does and `limit` lets it.
 */
static void piece_from(const struct pmsav7_need *need, struct pmsav7_piece *piece)
{
	uint32_t subregion = piece->subregion;
	uint32_t first = need->start / subregion % 8u;
	uint32_t count = (need->limit - need->start) / subregion;

	if (count > 8u - first)
		count = 8u - first;
	piece->base = need->start - first * subregion;
	piece->first = first;
	piece->end = first + count;
}

static uint32_t piece_start(const struct pmsav7_piece *piece)
{
	return piece->base + piece->first * piece->subregion;
}

/* Bytes that it opens. A length, as the end of the last region is 2^32. */
static uint32_t piece_length(const struct pmsav7_piece *piece)
{
	return (piece->end - piece->first) * piece->subregion;
}

/*
 * The piece that begins at need->start and reaches farthest. Smaller subregions
 * first: one that reaches need_end with smaller subregions goes less beyond it.
 */
static void front_find(const struct pmsav7_need *need, struct pmsav7_piece *best)
{
	struct pmsav7_piece trial;
	uint32_t wanted = need->need_end - need->start;

	piece_clear(best);
	piece_clear(&trial);
	while (trial.subregion <= PMSAV7_SUBREGION_MAX && need->start % trial.subregion == 0) {
		piece_from(need, &trial);
		if (piece_length(&trial) > piece_length(best))
			*best = trial;
		if (piece_length(best) >= wanted)
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
static bool piece_to(const struct pmsav7_need *need, struct pmsav7_piece *piece)
{
	uint32_t subregion = piece->subregion;
	uint32_t last = need->need_end - 1u; /* the subregion of this byte is the last one */
	uint32_t index = last / subregion % 8u;
	uint32_t bottom = last - last % subregion; /* of that subregion */

	if (bottom < need->start || need->limit - bottom < subregion)
		return false;

	uint32_t below = (bottom - need->start) / subregion;

	if (below > index)
		below = index;
	piece->base = bottom - index * subregion;
	piece->first = index - below;
	piece->end = index + 1u;
	return true;
}

/* A piece that closes the gap from need->start + reach to need->need_end. */
static bool back_find(const struct pmsav7_need *need, uint32_t reach, struct pmsav7_piece *piece)
{
	piece_clear(piece);
	while (piece->subregion <= PMSAV7_SUBREGION_MAX && piece_to(need, piece)) {
		if (piece_start(piece) - need->start <= reach)
			return true;
		piece->subregion *= 2u;
		piece->size++;
	}
	return false;
}

bool pmsav7_cover(const struct pmsav7_need *need, struct pmsav7_piece piece[2])
{
	struct pmsav7_piece front;
	struct pmsav7_piece back;
	uint32_t wanted = need->need_end - need->start;

	if (need->start > need->need_end || need->need_end > need->limit)
		return false;
	front_find(need, &front);
	piece_clear(&back);
	if (piece_length(&front) < wanted) {
		if (!back_find(need, piece_length(&front), &back))
			return false;
	} else {
		/* no more subregions than it takes */
		front.end = front.first + wanted / front.subregion +
			    (wanted % front.subregion != 0 ? 1u : 0u);
	}
	piece[0] = front;
	piece[1] = back;
	return true;
}

bool pmsav7_plan(const struct pmsav7_need *need, enum pmsav7_attributes attributes,
		 struct pmsav7_plan *plan)
{
	struct pmsav7_piece piece[2];

	if (!pmsav7_cover(need, piece))
		return false;
	pmsav7_encode(&piece[0], attributes, &plan->region[0]);
	pmsav7_encode(&piece[1], attributes, &plan->region[1]);

	const struct pmsav7_piece *highest = piece[1].first == piece[1].end ? &piece[0] : &piece[1];

	if (need->need_end == need->start)
		plan->end = need->start;
	else
		plan->end = piece_start(highest) + piece_length(highest);
	return true;
}

/* The least limit below which an application at `start` can have all its bytes. */
static bool app_limit_find(uint32_t start, uint32_t app_bytes, uint32_t top, uint32_t *app_limit)
{
	struct pmsav7_need need = {start, start + app_bytes, 0};
	struct pmsav7_piece piece[2];

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
