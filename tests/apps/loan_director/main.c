/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Attacks on loans. Three loan_puppets, the lender, the borrower and a third one, do what is said
 * here, end in the middle of it, and are looked at afterwards; where nobody ends but those
 * two, this process is the third one, which the borrower lends on to. Prints a line an attack and ends with
 * `loan_director: N checked, M wrong`. The kernel restarts whoever faults.
 */
#include <stdio.h>

#include "../loan_puppet/order.h"
#include "detent/alarm.h"
#include "detent/arch/syscall.h"
#include "detent/ipc.h"
#include "detent/loan.h"
#include "detent/timer.h"

enum { LENDER = 1, BORROWER, THIRD, PUPPETS };
enum { ALONE = LOAN_WRITE | LOAN_EXCLUSIVE };
enum { MANY = 32 /* more than the board's loans */ };
enum { TYPED = 1 /* with more, what is left over would come when the next loan is there */ };
enum { LOANS = 24, QUOTA = 8, SLOTS = 12 /* of the boards with loans: processes */ };
enum { NOTICES = 5 /* that wait for one process */ };

struct puppet {
	struct ipc_client client;
	peer_id self;
	uint32_t bytes; /* its buffer */
};

static struct puppet puppets[PUPPETS];
static uint32_t windows;
static unsigned int checked, wrong;

static void must(bool holds, const char *what)
{
	checked++;
	if (holds)
		return;
	wrong++;
	printf("loan_director: WRONG: %s\n", what);
}

static struct outcome tell(uint32_t who, const struct order *order)
{
	struct outcome outcome = {E_FAIL, {0, 0}};
	struct ipc_exchange call = {.request = order,
				    .length = sizeof(*order),
				    .answer = &outcome,
				    .room = sizeof(outcome)};
	enum error error = ipc_call(&puppets[who].client, &call);

	if (error != E_OK)
		outcome.error = (uint32_t)error;
	return outcome;
}

#define TELL(who, ...) tell(who, &(struct order){__VA_ARGS__})

/* To its present life. */
static void meet(uint32_t who)
{
	struct puppet *puppet = &puppets[who];
	struct outcome outcome;

	ipc_close(&puppet->client);
	while (ipc_open(&puppet->client, puppet_name[who]) != E_OK)
		(void)sleep_ms(1);
	outcome = TELL(who, .what = DO_TELL_ABOUT_YOURSELF);
	must(outcome.error == E_OK && outcome.value[0] != puppet->self, "another life");
	puppet->self = outcome.value[0];
	puppet->bytes = outcome.value[1];
}

/* ---- small steps ---- */

static struct outcome offer(uint32_t from, peer_id to, uint32_t flags, uint32_t ticks)
{
	return TELL(from, .what = DO_OFFER, .region = {puppets[LENDER].bytes, PUPPET_BYTES},
		    .to = to, .flags = flags, .driver = LOAN_TO_ANY, .ticks = ticks);
}

static uint32_t by_id(uint32_t who, uint32_t what, loan_id id)
{
	return TELL(who, .what = what, .id = id).error;
}

static void fill(uint32_t letter)
{
	must(TELL(LENDER, .what = DO_FILL, .flags = letter).error == E_OK, "it fills its own");
}

static bool intact(void)
{
	struct outcome first = TELL(LENDER, .what = DO_READ, .region = {puppets[LENDER].bytes});
	struct outcome last =
		TELL(LENDER, .what = DO_READ, .region = {puppets[LENDER].bytes + PUPPET_BYTES - 1});

	return first.error == E_OK && first.value[0] == PATTERN && last.error == E_OK &&
	       last.value[0] == PATTERN;
}

/* Tries its reach at both ends; only the lender can see what came of it. */
static void poke(uint32_t who)
{
	(void)TELL(who, .what = DO_POKE, .region = {puppets[LENDER].bytes});
	(void)TELL(who, .what = DO_POKE, .region = {puppets[LENDER].bytes + PUPPET_BYTES - 1});
}

static void poke_oneself(void)
{
	uint32_t start = puppets[LENDER].bytes;

	syscall_yield((struct syscall_words){{YIELD_NO_WAIT, start, 0, 0}});
	syscall_yield((struct syscall_words){{YIELD_NO_WAIT, start + PUPPET_BYTES - 1, 0, 0}});
}

/* Nobody but the lender has it, it has it whole, and no window is lost. */
static void must_be_over(const char *what)
{
	fill(PATTERN);
	poke(BORROWER);
	poke_oneself();
	must(intact(), what);
	must(loan_windows() == windows, "own windows are back");
	for (uint32_t who = LENDER; who < PUPPETS; who++)
		must(TELL(who, .what = DO_COUNT_WINDOWS).value[0] == windows,
		     "a puppet's windows are back");
}

static void must_be_stale(loan_id id)
{
	for (uint32_t who = LENDER; who < PUPPETS; who++)
		for (uint32_t what = DO_ACCEPT; what <= DO_REVOKE; what++)
			must(by_id(who, what, id) == E_INVAL, "a stale loan");
	must(loan_return(id) == E_INVAL && loan_revoke(id) == E_INVAL, "a stale loan of others");
}

/* ---- either side ends at every step ---- */

enum step { OFFERED, HELD, ALLOWED, PASSED_ON, HELD_BY_THIRD, STEPS };

static void walk(enum step step, uint32_t flags, loan_id id[2])
{
	struct loan loan;

	id[0] = offer(LENDER, puppets[BORROWER].self, flags, 0).value[0];
	must(id[0] != 0, "it is lent");
	if (step >= HELD)
		must(by_id(BORROWER, DO_ACCEPT, id[0]) == E_OK, "it is taken");
	if (step >= ALLOWED)
		must(TELL(BORROWER, .what = DO_ALLOW, .region = {puppets[LENDER].bytes, 16})
				     .error == E_OK,
		     "it is allowed");
	if (step >= PASSED_ON)
		id[1] = offer(BORROWER, loan_self(), flags, 0).value[0];
	if (step == HELD_BY_THIRD)
		must(loan_accept(id[1], &loan) == E_OK, "the third has it");
	if (step == HELD_BY_THIRD && flags == ALONE) {
		poke(BORROWER);
		must(*(uint8_t *)loan.start == PATTERN, "it is the third's alone");
	}
}

static void end(uint32_t who, bool crashes)
{
	peer_id former = puppets[who].self;
	uint32_t other = who == LENDER ? BORROWER : LENDER;
	struct outcome outcome = TELL(who, .what = crashes ? DO_TOUCH : DO_RESTART, .region = {0});

	must(outcome.error == E_UNINSTALLED, "it is gone");
	must(offer(other, former, 0, 0).error != E_OK, "a handle of a former life");
	meet(who);
}

static void end_at(enum step step, uint32_t flags, uint32_t who, bool crashes)
{
	loan_id id[2] = {0, 0};

	fill(PATTERN);
	walk(step, flags, id);
	end(who, crashes);
	if (who == LENDER && step >= ALLOWED)
		must(TELL(BORROWER, .what = DO_ALLOW, .region = {0, 0}).value[1] == 0,
		     "tock_2875: the allow is over");
	must_be_stale(id[0]);
	if (step >= PASSED_ON)
		must_be_stale(id[1]);
	must_be_over(who == LENDER ? "tock_4371: a restart of the lender ends it"
				   : "a restart of the borrower ends it");
}

static void either_side_ends_at_every_step(void)
{
	for (uint32_t step = OFFERED; step < STEPS; step++) {
		for (uint32_t way = 0; way < 8; way++)
			end_at((enum step)step, (way & 1) != 0 ? ALONE : (uint32_t)LOAN_WRITE,
			       (way & 2) != 0 ? LENDER : BORROWER, (way & 4) != 0);
		printf("loan_director: step %u\n", (unsigned int)step);
	}
}

/* The borrower has it again then, for itself alone where it had it so. */
static void the_third_one_ends(uint32_t flags, bool crashes)
{
	struct outcome seen;
	loan_id first, next;

	fill(PATTERN);
	first = offer(LENDER, puppets[BORROWER].self, flags, 0).value[0];
	must(by_id(BORROWER, DO_ACCEPT, first) == E_OK, "it is taken");
	next = offer(BORROWER, puppets[THIRD].self, flags, 0).value[0];
	must(by_id(THIRD, DO_ACCEPT, next) == E_OK, "the third has it");
	must(TELL(THIRD, .what = DO_ALLOW, .region = {puppets[LENDER].bytes, 16}).error == E_OK,
	     "it is allowed");
	end(THIRD, crashes);
	must_be_stale(next);
	seen = TELL(BORROWER, .what = DO_READ, .region = {puppets[LENDER].bytes});
	must(seen.error == E_OK && seen.value[0] == PATTERN, "the borrower has it again");
	must(by_id(LENDER, DO_REVOKE, first) == E_OK, "the first loan went on");
	must_be_stale(first);
	must_be_over("the third one ends");
}

static void a_third_one_ends(void)
{
	for (uint32_t way = 0; way < 4; way++)
		the_third_one_ends((way & 1) != 0 ? ALONE : (uint32_t)LOAN_WRITE, (way & 2) != 0);
	printf("loan_director: a third one\n");
}

/* ---- the other attacks ---- */

/* What the tests of reach rest on: where there is a right, the same attempts show. */
static void a_right_is_a_right(void)
{
	loan_id id = offer(LENDER, puppets[BORROWER].self, LOAN_WRITE, 0).value[0];

	fill(PATTERN);
	poke(BORROWER);
	must(intact(), "an offer opens nothing");
	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken");
	poke(BORROWER);
	must(!intact(), "a loan opens what is lent");
	fill(PATTERN);
	poke_oneself();
	must(intact(), "but to others nothing");
	must(by_id(LENDER, DO_REVOKE, id) == E_OK, "revoked");
	must_be_over("use after revocation");
	id = offer(LENDER, puppets[BORROWER].self, 0, 0).value[0];
	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken to read");
	poke(BORROWER);
	must(intact(), "and not to write");
	must(by_id(BORROWER, DO_RETURN, id) == E_OK, "returned");
	must_be_over("use after return");
	printf("loan_director: rights\n");
}

static void others_loans(void)
{
	loan_id id = offer(LENDER, puppets[BORROWER].self, LOAN_WRITE, 0).value[0];
	struct loan loan;

	must(loan_accept(id, &loan) == E_INVAL, "another's offer");
	must(by_id(LENDER, DO_ACCEPT, id) == E_INVAL, "one's own offer");
	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken");
	must(by_id(BORROWER, DO_ACCEPT, id) == E_INVAL, "taken twice");
	must(loan_return(id) == E_INVAL, "returning another's");
	must(loan_revoke(id) == E_INVAL, "revoking another's");
	must(by_id(LENDER, DO_RETURN, id) == E_INVAL, "the lender returns");
	must(by_id(BORROWER, DO_REVOKE, id) == E_INVAL, "the borrower revokes");
	must(loan_renew(id, 1) == E_INVAL, "another's deadline");
	must(by_id(BORROWER, DO_RETURN, id) == E_OK, "returned");
	must(by_id(BORROWER, DO_RETURN, id) == E_INVAL, "double return");
	must(by_id(LENDER, DO_REVOKE, id) == E_INVAL, "revoked after return");
	must_be_stale(id);
	must_be_over("double return");
	printf("loan_director: others' loans\n");
}

static void cycles(void)
{
	loan_id first = offer(LENDER, puppets[BORROWER].self, LOAN_WRITE, 0).value[0];
	struct loan_offer back = {.length = PUPPET_BYTES, .driver = LOAN_TO_ANY};
	struct loan loan;
	loan_id id;

	must(by_id(BORROWER, DO_ACCEPT, first) == E_OK, "it is taken");
	must(offer(BORROWER, puppets[LENDER].self, LOAN_WRITE, 0).error == E_INVAL, "to its owner");
	must(offer(BORROWER, puppets[BORROWER].self, LOAN_WRITE, 0).error == E_INVAL, "to itself");
	must(offer(BORROWER, loan_self(), ALONE, 0).error == E_INVAL, "alone what is shared");
	must(loan_accept(offer(BORROWER, loan_self(), LOAN_WRITE, 0).value[0], &loan) == E_OK,
	     "to a third");
	back.start = loan.start;
	back.borrower = puppets[LENDER].self;
	must(loan_make(&back, &id) == E_INVAL, "a cycle of three");
	back.borrower = puppets[BORROWER].self;
	must(loan_make(&back, &id) == E_INVAL, "a cycle of two");
	must(by_id(LENDER, DO_REVOKE, first) == E_OK, "revoked");
	must(loan_return(loan.id) == E_INVAL, "what was made of it is over");
	must_be_over("cycles");
	printf("loan_director: cycles\n");
}

static void the_break(void)
{
	uint32_t end = puppets[LENDER].bytes + PUPPET_BYTES;
	loan_id id = offer(LENDER, puppets[BORROWER].self, LOAN_WRITE, 0).value[0];

	for (uint32_t below = 4; below <= PUPPET_BYTES; below += PUPPET_BYTES - 4)
		must(TELL(LENDER, .what = DO_BREAK, .region = {end - below}).error == E_NOMEM,
		     "the break below a loan");
	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken");
	must(TELL(LENDER, .what = DO_BREAK, .region = {end - 4}).error == E_NOMEM,
	     "the break below a loan that is held");
	must(by_id(LENDER, DO_REVOKE, id) == E_OK, "revoked");
	must_be_over("the break");
	printf("loan_director: the break\n");
}

/*
 * All loans that the board has, but one for each slot of a process that has lent nothing: this
 * process still gets its own. Then all are over, and everything is as before.
 */
static void use_up_the_table(void)
{
	struct loan_offer own = LOAN_OFFER(NULL, 0, 0);
	loan_id id[MANY], kept, none;
	uint32_t made = 0, from = LENDER;
	size_t size = 0;

	own.start = loan_alloc(PUPPET_BYTES, &size);
	own.length = (uint32_t)size;

	while (made < MANY && from < THIRD) {
		struct order order = {.what = DO_OFFER,
				      .region = {puppets[from].bytes, PUPPET_BYTES},
				      .to = loan_self(),
				      .driver = LOAN_TO_ANY};
		struct outcome outcome = tell(from, &order);

		if (outcome.error == E_OK) {
			id[made++] = outcome.value[0];
			continue;
		}
		must(outcome.error == E_NOMEM, "a quota is used up");
		must(from != LENDER || made == QUOTA, "and it is the quota");
		from++;
	}
	must(made == LOANS - (SLOTS - 2), "what is kept is kept");
	own.borrower = puppets[LENDER].self;
	must(loan_make(&own, &kept) == E_OK, "the one that is kept for this process");
	must(loan_make(&own, &none) == E_NOMEM, "and no more than that");
	must(loan_revoke(kept) == E_OK, "revoked");
	for (uint32_t i = 0; i < made; i++)
		must(loan_return(id[i]) == E_OK, "each can be declined");
	must_be_over("the table used up");
	printf("loan_director: %u loans\n", (unsigned int)made);
}

/* The first puppet makes more offers than are told, and another one for each that is declined. */
static void a_flood_of_offers(void)
{
	struct order order = {.what = DO_OFFER,
			      .region = {puppets[LENDER].bytes, PUPPET_BYTES},
			      .to = loan_self(),
			      .driver = LOAN_TO_ANY};
	bool found = false;
	struct loan loan;

	for (uint32_t i = 0; i < QUOTA; i++)
		must(tell(LENDER, &order).error == E_OK, "a flood of offers");
	must(TELL(BORROWER, .what = DO_OFFER, .region = {puppets[BORROWER].bytes, PUPPET_BYTES},
		  .to = loan_self(), .flags = ALONE)
			     .error == E_OK,
	     "an offer in the flood");
	for (uint32_t i = 0; i < MANY && !found; i++) {
		must(loan_await(&loan) == E_OK && loan_return(loan.id) == E_OK, "one of them");
		found = loan.lender == puppets[BORROWER].self;
		(void)tell(LENDER, &order);
	}
	must(found, "who makes one offer is heard");
	while (loan_next_offer(0, &loan) == E_OK && loan.id != 0)
		must(loan_return(loan.id) == E_OK, "declined");
	must_be_over("a flood of offers");
	printf("loan_director: a flood\n");
}

static void use_up_windows(void)
{
	loan_id id[MANY];
	uint32_t part = PUPPET_BYTES / 2, taken = 0;
	struct order order = {.what = DO_OFFER, .to = loan_self(), .driver = LOAN_TO_ANY};
	struct loan loan;
	enum error error = E_OK;

	for (uint32_t i = 0; i < 4; i++) {
		uint32_t from = i < 2 ? LENDER : BORROWER;

		order.region[0] = puppets[from].bytes + i % 2 * part;
		order.region[1] = part;
		id[i] = tell(from, &order).value[0];
		error = loan_accept(id[i], &loan);
		taken += error == E_OK;
	}
	must(taken == windows && error == E_RESERVE, "windows run out");
	must(loan_return(id[0]) == E_OK && loan_accept(id[3], &loan) == E_OK, "and come back");
	for (uint32_t i = 1; i < 4; i++)
		(void)loan_return(id[i]);
	/* The lender has windows to be shut out by, and then none. */
	order.flags = ALONE;
	for (uint32_t i = 0; i < 4; i++) {
		struct outcome outcome;

		order.region[0] = puppets[LENDER].bytes + i * part / 2;
		order.region[1] = part / 2;
		outcome = tell(LENDER, &order);
		id[i] = outcome.value[0];
		must(outcome.error == (i < windows ? E_OK : E_RESERVE), "shut out of too much");
	}
	for (uint32_t i = 0; i < windows; i++)
		must(loan_return(id[i]) == E_OK, "declined");
	must_be_over("windows used up");
	printf("loan_director: windows\n");
}

/* The serial port is to write into it when somebody types, which is after the end of the loan. */
static void a_device_at_work(uint32_t ticks)
{
	loan_id id = offer(LENDER, puppets[BORROWER].self, ALONE, ticks).value[0];
	struct outcome outcome;

	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken");
	outcome = TELL(BORROWER, .what = DO_TYPE_INTO, .id = id, .ticks = ticks,
		       .region = {puppets[LENDER].bytes, TYPED});
	must(outcome.error == E_OK && outcome.value[0] != E_OK, "a device at work");
	must(intact(), "a device writes into what is over");
	must_be_over("a device at work");
}

static void time_and_devices(void)
{
	uint32_t hertz = 0;
	loan_id id;

	must(alarm_frequency(&hertz) == E_OK, "a clock");
	id = offer(LENDER, puppets[BORROWER].self, ALONE, hertz / 200).value[0];
	must(by_id(BORROWER, DO_ACCEPT, id) == E_OK, "it is taken");
	must(TELL(BORROWER, .what = DO_ALLOW, .region = {puppets[LENDER].bytes, 16}).error == E_OK,
	     "it is allowed");
	(void)sleep_ms(8);
	must(TELL(BORROWER, .what = DO_ALLOW, .region = {0, 0}).value[1] == 0,
	     "an allow after the deadline");
	must_be_stale(id);
	must_be_over("use after the deadline");

	a_device_at_work(0);
	a_device_at_work(hertz / 200);
	printf("loan_director: time and devices\n");
}

/* ---- Tock's notices: the first puppet is a service, the other one its client ---- */

static void client_fills(void)
{
	must(TELL(BORROWER, .what = DO_FILL, .flags = PATTERN).error == E_OK, "it fills its own");
}

/* The service tries its reach at what the client shares, or shared. */
static bool service_reaches(void)
{
	uint32_t start = puppets[BORROWER].bytes;

	client_fills();
	(void)TELL(LENDER, .what = DO_POKE, .region = {start});
	return TELL(BORROWER, .what = DO_READ, .region = {start}).value[0] != PATTERN;
}

static void share_by_notice(void)
{
	struct outcome found;

	must(TELL(LENDER, .what = DO_JOIN).value[0] == LENDER, "the service takes part");
	found = TELL(BORROWER, .what = DO_JOIN);
	must(found.error == E_OK && found.value[0] == LENDER, "the service is found");
	must(!service_reaches(), "nothing is shared");
	must(TELL(BORROWER, .what = DO_NOTIFY, .to = LENDER).error == E_OK, "a notice");
	must(service_reaches(), "a notice shares the buffer");
}

/* Five notices of a third one wait, so there is no room for what the client shares. */
static void a_refused_notice(void)
{
	static const char name[] = "loan_puppet";
	const struct allowed_const bytes = {name, sizeof(name) - 1};
	uint32_t service = 0;

	must(TELL(LENDER, .what = DO_JOIN).error == E_OK &&
		     TELL(BORROWER, .what = DO_JOIN).error == E_OK,
	     "they take part");
	must(allow_ro(DRIVER_TOCK_IPC, 0, bytes, NULL) == E_OK &&
		     command_value(DRIVER_TOCK_IPC, DISCOVER, 0, &service) == E_OK,
	     "the service is found");
	for (uint32_t i = 0; i < NOTICES; i++)
		must(command_done(DRIVER_TOCK_IPC, NOTIFY_SERVICE, service, 0) == E_OK, "notice");
	must(TELL(BORROWER, .what = DO_NOTIFY, .to = service).error == E_BUSY, "one too many");
	must(!service_reaches(), "a refused notice shares nothing");
	end(LENDER, false);
	end(BORROWER, false);
}

static void notices(void)
{
	a_refused_notice();
	for (uint32_t way = 0; way < 4; way++) {
		uint32_t who = (way & 1) != 0 ? BORROWER : LENDER;

		share_by_notice();
		end(who, (way & 2) != 0);
		must(!service_reaches(), "tock_4371: a restart ends what a notice shared");
		must(TELL(LENDER, .what = DO_COUNT_WINDOWS).value[0] == windows,
		     "the service's windows are back");
		end(BORROWER, false); /* shares nothing any more */
	}
	printf("loan_director: notices\n");
}

/* Tock 1993: what the hardware cannot express is refused, with what it could. */
static void odd_shapes(void)
{
	struct order order = {.what = DO_OFFER, .to = loan_self(), .driver = LOAN_TO_ANY};
	size_t size = 0, alignment = 0;
	struct loan loan;

	order.region[0] = puppets[LENDER].bytes + 2;
	order.region[1] = PUPPET_BYTES / 2;
	must(tell(LENDER, &order).error == E_SIZE, "tock_1993: an odd start");
	order.region[0] -= 2;
	order.region[1] -= 1;
	must(tell(LENDER, &order).error == E_SIZE, "tock_1993: an odd length");
	must(loan_shape(order.region[1], &size, &alignment) == E_OK &&
		     puppets[LENDER].bytes % alignment == 0,
	     "the hardware says what it can");
	order.region[1] = (uint32_t)size;
	must(loan_accept(tell(LENDER, &order).value[0], &loan) == E_OK && loan.length == size,
	     "and can");
	(void)loan_return(loan.id);
	printf("loan_director: shapes\n");
}

int main(void)
{
	(void)loan_listen();
	windows = loan_windows();
	meet(LENDER);
	meet(BORROWER);
	meet(THIRD);
	a_right_is_a_right();
	others_loans();
	cycles();
	the_break();
	use_up_the_table();
	a_flood_of_offers();
	use_up_windows();
	odd_shapes();
	time_and_devices();
	notices();
	either_side_ends_at_every_step();
	a_third_one_ends();
	printf("loan_director: %u checked, %u wrong\n", checked, wrong);
	return 0;
}
