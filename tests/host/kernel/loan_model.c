/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's loans beside a small model of them, for a million random steps:
 * offers, good and bad, of own memory and of what was borrowed, accepts, returns,
 * revocations, expiry and deaths, by anybody; and between them allows of every kind and
 * moves of the break. Each answer must be the model's, and so must what every process may
 * then reach, and what drivers have of it.
 */
#include "arch_host.h"
#include "grant_private.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/loan.h"
#include "lib/compiler.h"
#include "oracle_private.h"
#include "trusted/board.h"

#include <string.h>

enum {
	STEPS = 1000000,
	PARTIES = 4,
	CELLS = 6, /* pieces of a process's RAM that loans are made of */
	CELL = 0x80,
	FIRST = 0x400, /* where they begin */
	KEPT = 64,     /* ids of late */
	DEATH_IN = 4000,
	ALLOW_IN = 8,
	BREAK_IN = 200,
	TOP = 0x2000, /* the highest break */
	LOOK_IN = 61,
};

struct model_loan {
	bool live, held;
	uint32_t owner, borrower, start, length, flags, driver;
	struct loan_id id;
	struct model_loan *parent;
};

/* What a process shares with the probe, by kind and number, as system calls have it. */
struct model_shared {
	uint32_t start, length;
};

static const struct {
	uint32_t class_number;
	enum allow_kind kind;
} kinds[] = {
	{SYSCALL_ALLOW_RW, ALLOW_RW}, {SYSCALL_ALLOW_RO, ALLOW_RO}, {SYSCALL_ALLOW_UR, ALLOW_UR}};

static struct model_shared shared[PARTIES][ARRAY_LENGTH(kinds)][HOST_PROBE_ALLOWS];
static uint32_t top[PARTIES], mark[PARTIES]; /* the break, and what it stays above */
static struct host_app *app[PARTIES];
static struct process_id handle[PARTIES];
static struct model_loan model[HOST_LOANS];
static struct loan_id kept[KEPT];
static uint32_t seed = 1, kept_count, live_count;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* ---- the model ---- */

static bool has_exclusive_child(const struct model_loan *loan)
{
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].parent == loan && (model[i].flags & LOAN_EXCLUSIVE))
			return true;
	return false;
}

static bool has_child(const struct model_loan *loan)
{
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].parent == loan)
			return true;
	return false;
}

static bool shuts_out(const struct model_loan *loan, uint32_t who)
{
	return loan->live && loan->owner == who && loan->parent == NULL &&
	       (loan->flags & LOAN_EXCLUSIVE) != 0;
}

static uint32_t windows_taken(uint32_t who)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < HOST_LOANS; i++)
		count += (model[i].live && model[i].held && model[i].borrower == who) ||
			 shuts_out(&model[i], who);
	return count;
}

static bool overlap(const struct model_loan *loan, uint32_t start, uint32_t length)
{
	return start < loan->start + loan->length && loan->start < start + length;
}

static uint32_t own_start(uint32_t who)
{
	return host_ram(app[who], 0);
}

static uint32_t own_end(uint32_t who)
{
	return top[who];
}

static bool is_own(uint32_t who, uint32_t start, uint32_t length)
{
	return start >= own_start(who) && start + length <= own_end(who);
}

static void note_end(uint32_t who, uint32_t end)
{
	if (end > mark[who])
		mark[who] = end;
}

static bool came_through(const struct model_loan *loan, uint32_t who)
{
	for (; loan != NULL; loan = loan->parent)
		if (loan->owner == who)
			return true;
	return false;
}

static struct model_loan *holding(uint32_t who, uint32_t start, uint32_t length)
{
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].held && model[i].borrower == who &&
		    !has_exclusive_child(&model[i]) && start >= model[i].start &&
		    start + length <= model[i].start + model[i].length)
			return &model[i];
	return NULL;
}

static enum error judge_own(const struct model_loan *wish)
{
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].parent == NULL && model[i].owner == wish->owner &&
		    ((model[i].flags | wish->flags) & LOAN_EXCLUSIVE) != 0 &&
		    overlap(&model[i], wish->start, wish->length))
			return E_BUSY;
	if ((wish->flags & LOAN_EXCLUSIVE) != 0 && windows_taken(wish->owner) >= ARCH_WINDOWS)
		return E_RESERVE;
	return E_OK;
}

static enum error judge_passing_on(const struct model_loan *wish)
{
	const struct model_loan *parent = wish->parent;

	if (parent == NULL || ((wish->flags & LOAN_WRITE) && !(parent->flags & LOAN_WRITE)) ||
	    (parent->driver != LOAN_TO_ANY && parent->driver != DRIVER_LOAN) ||
	    (parent->driver == DRIVER_LOAN && wish->driver != DRIVER_LOAN &&
	     wish->driver != LOAN_TO_NOBODY) ||
	    came_through(parent, wish->borrower))
		return E_INVAL;
	if ((wish->flags & LOAN_EXCLUSIVE) == 0)
		return E_OK;
	if (!(parent->flags & LOAN_EXCLUSIVE) || wish->start != parent->start ||
	    wish->length != parent->length)
		return E_INVAL;
	return has_child(parent) ? E_BUSY : E_OK;
}

/* Every slot of a process that has lent nothing has one loan kept for it. */
static bool has_room(uint32_t owner)
{
	uint32_t made[PARTIES] = {0}, lenders = 0;

	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live)
			made[model[i].owner]++;
	for (uint32_t i = 0; i < PARTIES; i++)
		lenders += made[i] != 0;
	if (made[owner] == 0)
		return true;
	return made[owner] < HOST_LOAN_QUOTA &&
	       HOST_LOANS - live_count > board.process_count - lenders;
}

/* What the kernel must answer; where that is E_OK but for room, `wish` is complete. */
static enum error judge_offer(struct model_loan *wish)
{
	enum error error;

	if (wish->owner == wish->borrower || wish->flags > LOAN_FLAGS || wish->length == 0)
		return E_INVAL;
	if (wish->start % 4 != 0 || wish->length % 4 != 0)
		return E_SIZE;
	if (is_own(wish->owner, wish->start, wish->length)) {
		error = judge_own(wish);
	} else {
		wish->parent = holding(wish->owner, wish->start, wish->length);
		error = judge_passing_on(wish);
	}
	return error == E_OK && !has_room(wish->owner) ? E_NOMEM : error;
}

/* Whatever of the region a driver had by this borrower is gone, and the rest with it. */
static void model_forget(const struct model_loan *loan)
{
	struct model_shared *all = &shared[loan->borrower][0][0];

	for (uint32_t i = 0; loan->held && i < ARRAY_LENGTH(kinds) * HOST_PROBE_ALLOWS; i++)
		if (all[i].length != 0 && overlap(loan, all[i].start, all[i].length))
			all[i] = (struct model_shared){0, 0};
}

static void model_end(struct model_loan *loan)
{
	loan->live = false;
	live_count--;
	model_forget(loan);
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].parent == loan)
			model_end(&model[i]);
}

static struct model_loan *model_find(struct loan_id id)
{
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].id.raw == id.raw)
			return &model[i];
	return NULL;
}

static enum error judge_accept(const struct model_loan *loan, uint32_t who)
{
	if (loan == NULL || loan->held || loan->borrower != who)
		return E_INVAL;
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && model[i].held && model[i].borrower == who &&
		    overlap(&model[i], loan->start, loan->length))
			return E_ALREADY;
	return windows_taken(who) >= ARCH_WINDOWS ? E_RESERVE : E_OK;
}

/* ---- steps ---- */

static struct loan_id some_id(void)
{
	static const uint32_t bad[] = {0, 0xFFFFFFFF, 0x100, 1};

	if (draw(20) == 0)
		return (struct loan_id){bad[draw(4)]};
	return kept[draw(kept_count < KEPT ? kept_count + 1 : KEPT) % KEPT];
}

static struct model_loan some_wish(void)
{
	static const uint32_t drivers[] = {LOAN_TO_ANY, LOAN_TO_ANY, HOST_PROBE_DRIVER,
					   LOAN_TO_NOBODY, DRIVER_LOAN};
	uint32_t owner = draw(PARTIES), whose = draw(3) == 0 ? draw(PARTIES) : owner;
	uint32_t first = draw(CELLS), cells = 1 + draw(CELLS - first);

	return (struct model_loan){
		.owner = owner,
		.borrower = draw(PARTIES),
		.start = host_ram(app[whose], FIRST + first * CELL + (draw(50) == 0 ? 2 : 0)),
		.length = draw(50) == 0 ? 0 : cells * CELL,
		.flags = draw(60) == 0 ? 4 : draw(4),
		.driver = drivers[draw(5)],
	};
}

/* What some borrower has, for yet another one: long chains. */
static struct model_loan some_passing_on(void)
{
	const struct model_loan *loan = &model[draw(HOST_LOANS)];
	struct model_loan wish = some_wish();

	if (loan->live) {
		wish.owner = loan->borrower;
		wish.start = loan->start;
		wish.length = loan->length;
		wish.flags = loan->flags;
	}
	return wish;
}

/* It looks at system calls only, and here loans come and go without one. */
static void tell_oracle(void)
{
	for (uint32_t i = 0; i < PARTIES; i++) {
		oracle_note_loans(host_process(app[i]));
		oracle_forget_loans(host_process(app[i]));
	}
}

static void step_offer(void)
{
	struct model_loan wish = draw(2) == 0 ? some_wish() : some_passing_on();
	const struct loan_terms terms = {
		handle[wish.owner], handle[wish.borrower], wish.start, wish.length,
		wish.flags,         wish.driver,           NULL};
	enum error wanted = judge_offer(&wish), is = loan_offer(&host_loans, &terms, &wish.id);

	TEST_EQUAL(is, wanted);
	if (is != E_OK)
		return;
	if (wish.parent == NULL)
		note_end(wish.owner, wish.start + wish.length);
	tell_oracle();
	wish.live = true;
	kept[kept_count++ % KEPT] = wish.id;
	live_count++;
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (!model[i].live) {
			model[i] = wish;
			return;
		}
}

static void step_accept(void)
{
	struct loan_id id = some_id();
	uint32_t who = draw(PARTIES);
	struct model_loan *loan = model_find(id);
	struct loan_place place;
	enum error wanted;

	if (loan != NULL && draw(4) != 0)
		who = loan->borrower;
	wanted = judge_accept(loan, who);
	TEST_EQUAL(loan_accept(&host_loans, handle[who], id, &place), wanted);
	if (wanted == E_OK)
		loan->held = true;
}

static void step_end(void)
{
	struct loan_id id = some_id();
	struct model_loan *loan = model_find(id);
	uint32_t who = draw(PARTIES), how = draw(7);
	bool right = loan != NULL;
	enum error is;

	if (how < 3) {
		right = right && loan->borrower == who;
		is = loan_return(&host_loans, handle[who], id);
	} else if (how < 6) {
		right = right && loan->owner == who;
		is = loan_revoke(&host_loans, handle[who], id);
	} else {
		is = loan_expire(&host_loans, id);
	}
	TEST_EQUAL(is, right ? E_OK : E_INVAL);
	if (!right)
		return;
	model_end(loan);
	tell_oracle();
}

/* ---- what else processes do with memory ---- */

static bool judge_allow(uint32_t who, uint32_t kind, const struct model_shared *wish)
{
	const struct model_loan *loan;

	if (wish->length == 0 || is_own(who, wish->start, wish->length))
		return true;
	loan = holding(who, wish->start, wish->length);
	return loan != NULL && (kinds[kind].kind == ALLOW_RO || (loan->flags & LOAN_WRITE) != 0) &&
	       (loan->driver == LOAN_TO_ANY || loan->driver == HOST_PROBE_DRIVER);
}

/* A part of what somebody has, or of anybody's cells, or nothing. */
static struct model_shared some_buffer(uint32_t *who)
{
	const struct model_loan *loan = &model[draw(HOST_LOANS)];
	uint32_t part = draw(CELL / 2);

	if (draw(30) == 0)
		return (struct model_shared){0, 0};
	if (!loan->live)
		return (struct model_shared){
			host_ram(app[draw(PARTIES)], FIRST + draw(CELLS) * CELL) + part, CELL};
	if (draw(4) != 0)
		*who = loan->borrower;
	return (struct model_shared){loan->start + part,
				     loan->length - part - (draw(2) == 0 ? 0 : draw(CELL / 2))};
}

static void step_allow(void)
{
	uint32_t who = draw(PARTIES), kind = draw(ARRAY_LENGTH(kinds)),
		 number = draw(HOST_PROBE_ALLOWS);
	const struct model_shared wish = some_buffer(&who);
	struct model_shared *was = &shared[who][kind][number];
	struct host_return result = host_call(app[who], kinds[kind].class_number, HOST_PROBE_DRIVER,
					      number, wish.start, wish.length);

	if (!judge_allow(who, kind, &wish)) {
		TEST_EQUAL(result.r[0], SYSCALL_FAILURE_2_U32);
		TEST_EQUAL(result.r[1], E_INVAL);
		return;
	}
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_CHECK(result.r[1] == was->start && result.r[2] == was->length);
	*was = wish;
	if (wish.length != 0 && is_own(who, wish.start, wish.length))
		note_end(who, wish.start + wish.length);
}

static void step_break(void)
{
	uint32_t who = draw(PARTIES), cell = draw(CELLS + 2);
	uint32_t end = host_ram(app[who], cell > CELLS ? TOP : FIRST + cell * CELL);
	struct host_return result = host_memop(app[who], MEMOP_BRK, end);

	TEST_EQUAL(result.r[0], end < mark[who] ? SYSCALL_FAILURE : SYSCALL_SUCCESS);
	if (end >= mark[who])
		top[who] = end;
}

/* What the probe could use of each process is what the model says. */
static bool drivers_agree(void)
{
	for (uint32_t i = 0; i < PARTIES * ARRAY_LENGTH(kinds) * HOST_PROBE_ALLOWS; i++) {
		uint32_t who = i / (ARRAY_LENGTH(kinds) * HOST_PROBE_ALLOWS);
		uint32_t kind = i / HOST_PROBE_ALLOWS % ARRAY_LENGTH(kinds);
		uint32_t number = i % HOST_PROBE_ALLOWS;
		const struct model_shared *wanted = &shared[who][kind][number];
		const struct grant_entry *entry =
			host_process(app[who])->grants[host_probe.driver.index];
		const struct user_slice *is =
			entry == NULL ? NULL : grant_shared(entry, kinds[kind].kind, number);

		if (is == NULL ? wanted->length != 0
			       : is->base != wanted->start || is->length != wanted->length)
			return false;
	}
	return true;
}

static void prepare(uint32_t who)
{
	top[who] = host_ram(app[who], TOP);
	mark[who] = 0;
	memset(shared[who], 0, sizeof(shared[who]));
	host_memop(app[who], MEMOP_BRK, top[who]);
	handle[who] = host_process(app[who])->id;
}

static void step_death(void)
{
	uint32_t who = draw(PARTIES);

	TEST_EQUAL(host_terminate(app[who]), E_OK);
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		if (model[i].live && (model[i].owner == who || model[i].borrower == who))
			model_end(&model[i]);
	TEST_EQUAL(host_boot(app[who]), E_OK);
	prepare(who);
}

/* ---- what everybody may reach ---- */

static bool model_may(uint32_t who, uint32_t whose, uint32_t address, bool write)
{
	bool may = who == whose && address < top[who];

	for (uint32_t i = 0; i < HOST_LOANS; i++) {
		const struct model_loan *loan = &model[i];

		if (!overlap(loan, address, 1) || !loan->live)
			continue;
		if (shuts_out(loan, who))
			may = false;
		if (loan->held && loan->borrower == who && !has_exclusive_child(loan) &&
		    (!write || (loan->flags & LOAN_WRITE)))
			may = true;
	}
	return may;
}

static bool look_at(uint32_t who, uint32_t whose)
{
	const struct arch_mpu *mpu = &host_process(app[who])->mpu;

	for (uint32_t cell = 0; cell < CELLS; cell++) {
		uint32_t address = host_ram(app[whose], FIRST + cell * CELL);

		if (host_readable(mpu, address, 4) != model_may(who, whose, address, false) ||
		    host_writable(mpu, address, 4) != model_may(who, whose, address, true))
			return false;
	}
	return true;
}

static uint32_t windows_of(struct host_app *of)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		count += host_process(of)->windows.loan[i] != 0;
	return count;
}

HOST_TEST(a_million_steps)
{
	bool agree = true;

	host_board_start(NULL);
	for (uint32_t i = 0; i < PARTIES; i++)
		app[i] = host_script_add_image(
			&(struct host_image_options){.name = "party", .min_ram = 16384});
	for (uint32_t i = 0; i < PARTIES; i++)
		prepare(i);
	for (uint32_t step = 0; step < STEPS && agree; step++) {
		uint32_t kind = draw(10);

		if (draw(DEATH_IN) == 0)
			step_death();
		else if (draw(ALLOW_IN) == 0)
			step_allow();
		else if (draw(BREAK_IN) == 0)
			step_break();
		else if (kind < 4)
			step_offer();
		else if (kind < 7)
			step_accept();
		else
			step_end();
		for (uint32_t i = 0; i < PARTIES * PARTIES && step % LOOK_IN == 0; i++)
			agree = agree && look_at(i / PARTIES, i % PARTIES);
		agree = agree && (step % LOOK_IN != 0 || drivers_agree());
		for (uint32_t i = 0; i < PARTIES; i++)
			agree = agree && windows_of(app[i]) == windows_taken(i);
	}
	TEST_CHECK(agree);
}
