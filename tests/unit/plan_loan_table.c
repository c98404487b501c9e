/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Every table that offers, acceptances and ends can lead to, with three slots, four
 * processes of which one lends its own, and two cells of its memory: each change
 * keeps the invariant of loan_logic.h, written here a second time, and does what its
 * contract says and nothing else.
 *
 * LINK: kernel/src/loan_table.c kernel/src/loan_table_end.c kernel/src/loan_rules.c kernel/src/loan_windows.c
 */
#include "loan_rules.h"
#include "loan_windows.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 3,
	PARTIES = 4,
	CELL = 32,
	MEMORY = 0x1000,
	STATES_MAX = 1 << 20,
	HASH = STATES_MAX * 2,
};

/* What tells one table from another. */
struct state {
	struct {
		uint8_t owner, borrower, region, flags, parent, bits;
	} slot[SLOTS];
};

static struct state *states;
static uint32_t *hash, state_count;

static struct loan loans[SLOTS];
static const struct loan_table table = {loans, SLOTS};

/* 1: the first cell, 2: the second, 3: both. */
static struct loan_region region_of(uint32_t cells)
{
	return (struct loan_region){MEMORY + (cells == 2 ? CELL : 0), cells == 3 ? 2 * CELL : CELL};
}

static uint32_t cells_of(const struct loan *loan)
{
	return loan->length == 2 * CELL ? 3 : loan->start == MEMORY ? 1 : 2;
}

static uint32_t depth_of(uint32_t slot)
{
	uint32_t depth = 0;

	for (; loans[slot].parent != LOAN_NO_PARENT; slot = loans[slot].parent)
		depth++;
	return depth;
}

static struct state taken_down(void)
{
	struct state state;

	memset(&state, 0, sizeof(state));
	for (uint32_t i = 0; i < SLOTS; i++) {
		const struct loan *loan = &loans[i];

		if (loan->state != LOAN_LIVE)
			continue;
		state.slot[i].owner = (uint8_t)loan->owner.raw;
		state.slot[i].borrower = (uint8_t)loan->borrower.raw;
		state.slot[i].region = (uint8_t)cells_of(loan);
		state.slot[i].flags = loan->flags;
		state.slot[i].parent = loan->parent;
		state.slot[i].bits =
			(uint8_t)(1 | loan->held << 1 | loan->suspended << 2 | loan->used << 3);
	}
	return state;
}

static void set_up(const struct state *state)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		const struct loan_region region = region_of(state->slot[i].region);
		uint8_t bits = state->slot[i].bits;

		loans[i] = (struct loan){
			.id = {0x100 | i},
			.owner = {state->slot[i].owner},
			.borrower = {state->slot[i].borrower},
			.start = region.start,
			.length = region.length,
			.state = (bits & 1) != 0 ? LOAN_LIVE : LOAN_FREE,
			.driver = LOAN_TO_ANY,
			.flags = state->slot[i].flags,
			.parent = (bits & 1) != 0 ? state->slot[i].parent : LOAN_NO_PARENT,
			.held = (bits & 2) != 0,
			.suspended = (bits & 4) != 0,
			.used = bits >> 3,
		};
	}
	for (uint32_t i = 0; i < SLOTS; i++)
		if (loans[i].state == LOAN_LIVE)
			loans[i].depth = (uint8_t)depth_of(i);
}

static void remember(void)
{
	const struct state state = taken_down();
	uint32_t at = 2166136261u;

	for (size_t i = 0; i < sizeof(state); i++)
		at = (at ^ ((const uint8_t *)&state)[i]) * 16777619u;
	for (at %= HASH; hash[at] != 0; at = (at + 1) % HASH)
		if (memcmp(&states[hash[at] - 1], &state, sizeof(state)) == 0)
			return;
	if (!TEST_CHECK(state_count < STATES_MAX))
		return;
	states[state_count++] = state;
	hash[at] = state_count;
}

/* ---- the invariant ---- */

static bool alone(uint32_t slot)
{
	return (loans[slot].flags & LOAN_EXCLUSIVE) != 0;
}

static bool live(uint32_t slot)
{
	return loans[slot].state == LOAN_LIVE;
}

static void check_child(uint32_t slot, uint32_t parent)
{
	const struct loan *loan = &loans[slot], *from = &loans[parent];

	TEST_CHECK(parent < SLOTS && live(parent) && from->held && from->used == LOAN_PASSED_ON);
	TEST_EQUAL(from->borrower.raw, loan->owner.raw);
	TEST_EQUAL(loan->depth, from->depth + 1);
	TEST_EQUAL(cells_of(loan) & ~cells_of(from), 0);
	TEST_EQUAL(loan->flags & ~(uint32_t)from->flags, 0);
	TEST_CHECK(!alone(slot) || from->suspended);
}

static void check_invariant(void)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		if (!live(i))
			continue;
		TEST_CHECK(loans[i].id.raw >= 0x100 && loans[i].id.raw % 256 == i);
		TEST_CHECK(loans[i].owner.raw != loans[i].borrower.raw);
		if (loans[i].parent != LOAN_NO_PARENT)
			check_child(i, loans[i].parent);
		else
			TEST_EQUAL(loans[i].depth, 0);
		for (uint32_t k = 0; k < SLOTS; k++) {
			if (k == i || !live(k) || loans[k].parent != loans[i].parent || !alone(i))
				continue;
			TEST_EQUAL(loans[i].parent, LOAN_NO_PARENT);
			TEST_EQUAL(cells_of(&loans[i]) & cells_of(&loans[k]), 0);
		}
	}
}

/* Suspended is what has a live exclusive loan made of it, and that only. */
static void check_suspended(void)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		bool passed = false;

		for (uint32_t k = 0; k < SLOTS; k++)
			passed = passed || (live(k) && loans[k].parent == i && alone(k));
		if (live(i))
			TEST_EQUAL(loans[i].suspended, passed);
	}
}

/* ---- the changes ---- */

/* All but these slots are as they were. */
static void check_others(const struct loan *before, uint32_t slot, uint32_t parent)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		if (i != slot && i != parent)
			TEST_EQUAL(memcmp(&before[i], &loans[i], sizeof(loans[i])), 0);
}

static void try_offer(const struct loan_terms *terms, const struct state *state)
{
	const struct loan_region region = {terms->start, terms->length};
	struct loan before[SLOTS];
	uint32_t parent = LOAN_NO_PARENT, slot;

	set_up(state);
	if (terms->owner.raw == 1) {
		if (loan_check_own(table, terms) != E_OK)
			return;
	} else {
		parent = loan_table_covering(table, terms->owner, &region);
		if (loan_check_passing(table, terms, parent) != E_OK)
			return;
	}
	slot = loan_table_free(table, 0);
	if (slot == SLOTS)
		return;
	memcpy(before, loans, sizeof(before));
	loan_table_add(table, terms, slot, parent);
	check_others(before, slot, parent);
	TEST_CHECK(live(slot) && !loans[slot].held && !loans[slot].suspended);
	TEST_EQUAL(loans[slot].parent, parent);
	TEST_CHECK(loans[slot].id.raw / 256 != before[slot].id.raw / 256);
	TEST_EQUAL(loans[slot].owner.raw, terms->owner.raw);
	TEST_EQUAL(loans[slot].borrower.raw, terms->borrower.raw);
	TEST_CHECK(loans[slot].start == terms->start && loans[slot].length == terms->length);
	TEST_EQUAL(loans[slot].flags, terms->flags);
	if (parent != LOAN_NO_PARENT) {
		before[parent].used = LOAN_PASSED_ON;
		before[parent].suspended = alone(slot);
		TEST_EQUAL(memcmp(&before[parent], &loans[parent], sizeof(before[parent])), 0);
	}
	check_invariant();
	check_suspended();
	remember();
}

static void try_offers(const struct state *state)
{
	for (uint32_t n = 0; n < PARTIES * PARTIES * 3 * 4; n++) {
		const struct loan_region region = region_of(1 + n / 4 % 3);
		const struct loan_terms terms = {.owner = {1 + n / 12 % PARTIES},
						 .borrower = {1 + n / 12 / PARTIES},
						 .start = region.start,
						 .length = region.length,
						 .flags = n % 4,
						 .driver = LOAN_TO_ANY};

		if (loan_check_terms(&terms) == E_OK)
			try_offer(&terms, state);
	}
}

static void try_accept(const struct state *state, uint32_t slot)
{
	struct loan before[SLOTS];

	set_up(state);
	if (!live(slot) || loans[slot].held)
		return;
	memcpy(before, loans, sizeof(before));
	loan_table_accept(table, slot);
	before[slot].held = true;
	check_others(before, SLOTS, SLOTS);
	check_invariant();
	remember();
}

/* It is the loan in this slot, or was made of it, at whatever depth. */
static bool made_of(const struct loan *before, uint32_t slot, uint32_t root)
{
	while (slot != root && before[slot].parent != LOAN_NO_PARENT)
		slot = before[slot].parent;
	return slot == root;
}

static void try_end(const struct state *state, uint32_t slot)
{
	struct loan before[SLOTS];

	set_up(state);
	if (!live(slot))
		return;
	memcpy(before, loans, sizeof(before));
	loan_table_end(table, slot, LOAN_REVOKED);
	for (uint32_t i = 0; i < SLOTS; i++) {
		bool ends = before[i].state == LOAN_LIVE && made_of(before, i, slot);
		bool frees = before[slot].parent == i && alone(slot);

		TEST_EQUAL(loans[i].state, ends ? LOAN_ENDING : before[i].state);
		if (ends)
			TEST_EQUAL(loans[i].why, i == slot ? LOAN_REVOKED : LOAN_PARENT_ENDED);
		before[i].state = loans[i].state;
		before[i].why = loans[i].why;
		before[i].suspended = before[i].suspended && !frees;
		for (uint32_t who = 1; ends && who <= PARTIES; who++)
			TEST_CHECK(!loan_opens(&loans[i], (struct process_id){who}) &&
				   !loan_closes(&loans[i], (struct process_id){who}));
	}
	check_others(before, SLOTS, SLOTS);
	check_invariant();
	check_suspended();
	for (uint32_t i = 0; i < SLOTS; i++)
		if (loans[i].state == LOAN_ENDING)
			loans[i].state = LOAN_FREE;
	remember();
}

int main(void)
{
	states = calloc(STATES_MAX, sizeof(*states));
	hash = calloc(HASH, sizeof(*hash));
	if (!TEST_CHECK(states != NULL && hash != NULL))
		return test_end("plan_loan_table");
	remember();
	for (uint32_t n = 0; n < state_count; n++) {
		const struct state state = states[n];

		try_offers(&state);
		for (uint32_t slot = 0; slot < SLOTS; slot++) {
			try_accept(&state, slot);
			try_end(&state, slot);
		}
	}
	TEST_CHECK(state_count > 10000);
	printf("%u tables\n", (unsigned int)state_count);
	free(states);
	free(hash);
	return test_end("plan_loan_table");
}
