/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Attacks on loans that need a table of cases, or a moment that only the host can
 * choose: the end of a party at every step, and of a loan while a device is at work
 * in it. tests/apps/loan_director does the former on real memory protection.
 */
#include "arch_host.h"
#include "capsules/loan_timer.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/deferred.h"
#include "kernel/loan.h"
#include "lib/compiler.h"
#include "trusted/board.h"

#include <string.h>

enum {
	OFFER = 1,
	ACCEPT,
	GIVE_BACK,
	REVOKE,
	WINDOWS = 10,
	RENEW = 11,
	NEXT_OFFER = 13,

	ENDED = 2, /* upcall */

	TERMS = 0x1F00, /* where the words of an offer lie, from the start of RAM */
	BUFFER = 0x400,
	SIZE = 0x100,
	ALONE = LOAN_WRITE | LOAN_EXCLUSIVE,
};

enum { LENDER, BORROWER, THIRD, PARTIES, OTHER = PARTIES, ALL };

static struct host_app *app[ALL];

static void prepare(uint32_t who)
{
	host_memop(app[who], MEMOP_BRK, host_ram(app[who], 0x2000));
	host_subscribe(app[who], DRIVER_LOAN, ENDED, host_flash(app[who], 0x100), 0);
	host_allow_ro(app[who], DRIVER_LOAN, 0, host_ram(app[who], TERMS), 24);
}

static void start(void)
{
	host_board_start(NULL);
	for (uint32_t i = 0; i < ALL; i++)
		app[i] = host_script_add_image(
			&(struct host_image_options){.name = "party", .min_ram = 16384});
	for (uint32_t i = 0; i < ALL; i++)
		prepare(i);
}

/* Of the lender's buffer, by whoever has it. */
static struct host_return offer(uint32_t from, uint32_t to, uint32_t flags, uint32_t ticks)
{
	const uint32_t words[6] = {host_ram(app[LENDER], BUFFER),
				   SIZE,
				   host_process(app[to])->id.raw,
				   flags,
				   LOAN_TO_ANY,
				   ticks};

	host_poke(app[from], host_ram(app[from], TERMS), words, sizeof(words));
	return host_command(app[from], DRIVER_LOAN, OFFER, 0, 0);
}

static uint32_t lend(uint32_t from, uint32_t to, uint32_t flags, uint32_t ticks)
{
	struct host_return result = offer(from, to, flags, ticks);

	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	return result.r[1];
}

static struct host_return by_id(uint32_t who, uint32_t number, uint32_t id)
{
	return host_command(app[who], DRIVER_LOAN, number, id, 0);
}

static bool may(uint32_t who, bool write)
{
	const struct arch_mpu *mpu = &host_process(app[who])->mpu;
	uint32_t address = host_ram(app[LENDER], BUFFER);

	return write ? host_writable(mpu, address, SIZE) : host_readable(mpu, address, SIZE);
}

/* ---- either side ends at every step ---- */

enum step { OFFERED, HELD, ALLOWED, PASSED_ON, HELD_BY_THIRD, STEPS };
enum { ENDS, RESTARTS, FAULTS, WAYS };

static const uint32_t allow_kinds[] = {SYSCALL_ALLOW_RW, SYSCALL_ALLOW_RO, SYSCALL_ALLOW_UR};

/* The probe is given the start of the buffer, as each kind; how many took it. */
static uint32_t allow(uint32_t who, uint32_t length)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < ARRAY_LENGTH(allow_kinds); i++)
		count += host_call(app[who], allow_kinds[i], HOST_PROBE_DRIVER, 0,
				   host_ram(app[LENDER], BUFFER), length)
				 .r[0] == SYSCALL_SUCCESS_2_U32;
	return count;
}

static void walk(enum step step, uint32_t flags, uint32_t id[2])
{
	id[0] = lend(LENDER, BORROWER, flags, 0);
	id[1] = 0;
	if (step >= HELD)
		TEST_EQUAL(by_id(BORROWER, ACCEPT, id[0]).r[0], SYSCALL_SUCCESS_2_U32);
	if (step >= ALLOWED)
		TEST_EQUAL(allow(BORROWER, SIZE), ARRAY_LENGTH(allow_kinds));
	if (step >= PASSED_ON)
		id[1] = lend(BORROWER, THIRD, flags, 0);
	if (step >= HELD_BY_THIRD) {
		TEST_EQUAL(by_id(THIRD, ACCEPT, id[1]).r[0], SYSCALL_SUCCESS_2_U32);
		TEST_EQUAL(allow(THIRD, 16), ARRAY_LENGTH(allow_kinds));
	}
}

static void finish(uint32_t who, uint32_t way)
{
	uint32_t former = host_process(app[who])->id.raw;

	if (way == ENDS)
		TEST_EQUAL(host_terminate(app[who]), E_OK);
	else if (way == FAULTS)
		host_touch(app[who], 0x10);
	else
		host_call(app[who], SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	oracle_check_loans();
	if (way != RESTARTS)
		TEST_EQUAL(host_boot(app[who]), E_OK);
	host_run();
	TEST_CHECK(host_process(app[who])->id.raw != former);
	prepare(who);
	oracle_check_loans();
}

/* What the probe was given by a process: the bytes that are left of it, as any kind. */
static uint32_t allowed(uint32_t who)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < ARRAY_LENGTH(allow_kinds); i++)
		bytes += host_call(app[who], allow_kinds[i], HOST_PROBE_DRIVER, 0, 0, 0).r[2];
	return bytes;
}

static void must_be_stale(uint32_t id)
{
	for (uint32_t who = 0; who < PARTIES; who++)
		for (uint32_t number = ACCEPT; number <= REVOKE; number++)
			TEST_EQUAL(by_id(who, number, id).r[1], E_INVAL);
}

static void end_at(enum step step, uint32_t flags, uint32_t who, uint32_t way)
{
	uint32_t id[2];

	walk(step, flags, id);
	finish(who, way);
	if (step >= PASSED_ON)
		must_be_stale(id[1]);
	if (who == THIRD) { /* the loan that was passed on to it goes on */
		TEST_EQUAL(may(BORROWER, true), step >= HELD && (flags & LOAN_WRITE) != 0);
		TEST_EQUAL(by_id(LENDER, REVOKE, id[0]).r[0], SYSCALL_SUCCESS);
	}
	must_be_stale(id[0]);
	TEST_CHECK(may(LENDER, true) && !may(BORROWER, false) && !may(THIRD, false));
	for (uint32_t i = 0; i < PARTIES; i++) {
		TEST_EQUAL(allowed(i), 0);
		TEST_EQUAL(host_command(app[i], DRIVER_LOAN, WINDOWS, 0, 0).r[1], ARCH_WINDOWS);
	}
}

static void everybody_ends(uint32_t flags)
{
	start();
	for (uint32_t step = OFFERED; step < STEPS; step++)
		for (uint32_t who = 0; who < PARTIES; who++)
			for (uint32_t way = 0; way < WAYS; way++)
				end_at((enum step)step, flags, who, way);
}

HOST_TEST(either_side_of_a_shared_loan_ends_at_every_step)
{
	everybody_ends(LOAN_WRITE);
}

HOST_TEST(either_side_of_an_exclusive_loan_ends_at_every_step)
{
	everybody_ends(ALONE);
}

HOST_TEST(tock_2875_an_allow_of_each_kind_ends_with_the_loan)
{
	uint32_t id;

	start();
	id = lend(LENDER, BORROWER, LOAN_WRITE, 0);
	by_id(BORROWER, ACCEPT, id);
	for (uint32_t i = 0; i < ARRAY_LENGTH(allow_kinds); i++) {
		struct host_return result;

		TEST_EQUAL(allow(BORROWER, SIZE), ARRAY_LENGTH(allow_kinds));
		TEST_EQUAL(by_id(LENDER, REVOKE, id).r[0], SYSCALL_SUCCESS);
		result = host_call(app[BORROWER], allow_kinds[i], HOST_PROBE_DRIVER, 0, 0, 0);
		TEST_EQUAL(result.r[1] | result.r[2], 0);
		TEST_EQUAL(allow(BORROWER, SIZE), 0);
		id = lend(LENDER, BORROWER, LOAN_WRITE, 0);
		by_id(BORROWER, ACCEPT, id);
	}
}

/* ---- loans and devices ---- */

enum { CONSOLE_READ = 2, CONSOLE_GOT = 2 };

/* The borrower has lent memory, for 100 ms, and the console is to read into it. */
static uint32_t reading(void)
{
	uint32_t hertz, id;

	start();
	hertz = host_command(app[LENDER], DRIVER_ALARM, 1, 0, 0).r[1];
	id = lend(LENDER, BORROWER, ALONE, hertz / 10);
	TEST_EQUAL(by_id(BORROWER, ACCEPT, id).r[0], SYSCALL_SUCCESS_2_U32);
	host_subscribe(app[BORROWER], DRIVER_CONSOLE, CONSOLE_GOT, host_flash(app[BORROWER], 0x180),
		       0);
	host_allow_rw(app[BORROWER], DRIVER_CONSOLE, 1, host_ram(app[LENDER], BUFFER), 4);
	TEST_EQUAL(host_command(app[BORROWER], DRIVER_CONSOLE, CONSOLE_READ, 4, 0).r[0],
		   SYSCALL_SUCCESS);
	return id;
}

static bool has(const char *text)
{
	char there[4];

	host_peek(app[LENDER], host_ram(app[LENDER], BUFFER), there, sizeof(there));
	return memcmp(there, text, sizeof(there)) == 0;
}

static enum error read_status(void)
{
	struct host_return result = host_yield_for(app[BORROWER], DRIVER_CONSOLE, CONSOLE_GOT);

	TEST_CHECK(result.returned);
	return (enum error)result.r[0];
}

HOST_TEST(a_device_that_is_quicker_than_the_deadline_writes)
{
	reading();
	host_type("fast");
	TEST_EQUAL(read_status(), E_OK);
	host_advance_ms(101);
	TEST_CHECK(has("fast"));
}

HOST_TEST(a_device_that_answers_after_the_deadline_writes_nothing)
{
	reading();
	host_advance_ms(101);
	TEST_CHECK(may(LENDER, true));
	host_type("late");
	TEST_CHECK(read_status() != E_OK);
	TEST_CHECK(has("\0\0\0"));
}

/* Both interrupts are pending at once; the answer says which one was first. */
HOST_TEST(a_device_that_answers_at_the_deadline_writes_all_or_nothing)
{
	reading();
	host_advance_us(99999);
	host_type_bytes("both", 4);
	host_advance_us(2);
	TEST_CHECK(read_status() == E_OK ? has("both") : has("\0\0\0"));
	TEST_CHECK(may(LENDER, true) && !may(BORROWER, false));
}

HOST_TEST(a_device_is_at_work_when_a_loan_is_given_back)
{
	uint32_t id = reading();

	TEST_EQUAL(by_id(BORROWER, GIVE_BACK, id).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(by_id(BORROWER, GIVE_BACK, id).r[1], E_INVAL);
	host_type("gone");
	TEST_CHECK(read_status() != E_OK);
	TEST_CHECK(has("\0\0\0"));
}

static struct process_id writes_for;
static uint32_t ends_before; /* a loan; 0: none */
static enum error deferred_status;

static void write_late(struct deferred *deferred)
{
	(void)deferred;
	GRANT_ENTER_EXISTING(entry, &host_probe.driver, writes_for);

	deferred_status = entry == NULL ? E_NODEVICE : allow_rw_write(entry, 0, 0, "late", 4);
}

static const struct deferred_ops deferred_ops = {.called = write_late};
static struct deferred deferred = {.ops = &deferred_ops};

static syscall_result write_later(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)number;
	(void)argument;
	writes_for = process;
	deferred_set(&deferred);
	if (ends_before != 0)
		TEST_EQUAL(loan_expire(&host_loans, (struct loan_id){ends_before}), E_OK);
	return syscall_success();
}

/* A copy is asked for; with `over`, the loan ends before it is made. */
static void copy_later(bool over)
{
	uint32_t id;

	start();
	id = lend(LENDER, BORROWER, LOAN_WRITE, 0);
	by_id(BORROWER, ACCEPT, id);
	host_allow_rw(app[BORROWER], HOST_PROBE_DRIVER, 0, host_ram(app[LENDER], BUFFER), 4);
	host_probe.command = write_later;
	ends_before = over ? id : 0;
	host_command(app[BORROWER], HOST_PROBE_DRIVER, 1, 0, 0);
	host_run();
}

HOST_TEST(a_deferred_call_reaches_a_loan)
{
	copy_later(false);
	TEST_EQUAL(deferred_status, E_OK);
	TEST_CHECK(has("late"));
}

HOST_TEST(a_deferred_call_does_not_reach_a_loan_that_is_over)
{
	copy_later(true);
	TEST_EQUAL(deferred_status, E_SIZE);
	TEST_CHECK(has("\0\0\0"));
}

/* What the owner shares with a driver is as far away from it as from the owner. */
HOST_TEST(a_driver_of_the_owner_does_not_reach_what_is_lent_alone)
{
	uint32_t id;

	start();
	host_allow_rw(app[LENDER], HOST_PROBE_DRIVER, 0, host_ram(app[LENDER], BUFFER), 4);
	id = lend(LENDER, BORROWER, ALONE, 0);
	host_probe.command = write_later;
	host_command(app[LENDER], HOST_PROBE_DRIVER, 1, 0, 0);
	host_run();
	TEST_EQUAL(deferred_status, E_FAIL);
	TEST_CHECK(has("\0\0\0"));
	TEST_EQUAL(by_id(BORROWER, GIVE_BACK, id).r[0], SYSCALL_SUCCESS);
	host_command(app[LENDER], HOST_PROBE_DRIVER, 1, 0, 0);
	host_run();
	TEST_EQUAL(deferred_status, E_OK);
	TEST_CHECK(has("late"));
}

/* ---- who is not there ---- */

/* Nothing was made that would have to be undone: the break can go where it could before. */
HOST_TEST(who_does_not_use_loans_is_offered_none)
{
	struct host_app *deaf;
	uint32_t words[6] = {0, SIZE, 0, LOAN_WRITE, LOAN_TO_ANY, 0};

	host_board_start(NULL);
	app[LENDER] = host_script_add("lender");
	deaf = host_script_add("deaf");
	host_run();
	host_memop(app[LENDER], MEMOP_BRK, host_ram(app[LENDER], 0x400));
	words[0] = host_ram(app[LENDER], 0x200);
	words[2] = host_process(deaf)->id.raw;
	host_poke(app[LENDER], host_ram(app[LENDER], 0), words, sizeof(words));
	host_allow_ro(app[LENDER], DRIVER_LOAN, 0, host_ram(app[LENDER], 0), sizeof(words));
	TEST_EQUAL(host_command(app[LENDER], DRIVER_LOAN, OFFER, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_memop(app[LENDER], MEMOP_BRK, host_ram(app[LENDER], 0x100)).r[0],
		   SYSCALL_SUCCESS);
	host_memop(app[LENDER], MEMOP_BRK, host_ram(app[LENDER], 0x400));
	host_subscribe(deaf, DRIVER_LOAN, 0, host_flash(deaf, 0x100), 0);
	TEST_EQUAL(host_command(app[LENDER], DRIVER_LOAN, OFFER, 0, 0).r[0], SYSCALL_SUCCESS_U32);
}

/* ---- the table ---- */

/* Of its own buffer. */
static struct host_return lend_own(uint32_t from, uint32_t to)
{
	const uint32_t words[6] = {host_ram(app[from], BUFFER),
				   SIZE,
				   host_process(app[to])->id.raw,
				   0,
				   LOAN_TO_ANY,
				   0};

	host_poke(app[from], host_ram(app[from], TERMS), words, sizeof(words));
	return host_command(app[from], DRIVER_LOAN, OFFER, 0, 0);
}

static uint32_t next_offer(uint32_t who, uint32_t after)
{
	return host_command(app[who], DRIVER_LOAN, NEXT_OFFER, after, 0).r[1];
}

/* One lender fills the queue of upcalls: the offer of another one is found all the same. */
HOST_TEST(an_offer_that_was_not_told_is_asked_for)
{
	enum { TOLD = 5 /* one of the number, and the driver's queue */ };
	uint32_t flood[HOST_LOAN_QUOTA], wanted, id;

	start();
	TEST_EQUAL(next_offer(BORROWER, 0), 0);
	for (uint32_t i = 0; i < HOST_LOAN_QUOTA; i++)
		flood[i] = lend_own(LENDER, BORROWER).r[1];
	wanted = lend_own(THIRD, BORROWER).r[1];
	for (uint32_t i = 0; i < TOLD; i++)
		TEST_EQUAL(host_yield_for(app[BORROWER], DRIVER_LOAN, 0).r[0], flood[i]);

	/* All of them are there in turn, and nobody else's. */
	TEST_EQUAL(next_offer(LENDER, 0), 0);
	id = wanted;
	for (uint32_t i = 0; i < HOST_LOAN_QUOTA; i++) {
		id = next_offer(BORROWER, id);
		TEST_EQUAL(id, flood[i]);
	}
	TEST_EQUAL(next_offer(BORROWER, id), wanted);
	TEST_EQUAL(next_offer(BORROWER, wanted), flood[0]);
	TEST_EQUAL(next_offer(BORROWER, UINT32_MAX), flood[0]);

	/* One that is taken, or over, is none any more; the turn goes on after it. */
	TEST_EQUAL(by_id(LENDER, REVOKE, flood[1]).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(by_id(BORROWER, ACCEPT, flood[2]).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(next_offer(BORROWER, flood[1]), flood[3]);
	TEST_EQUAL(host_command(app[BORROWER], DRIVER_LOAN, NEXT_OFFER, flood[7], 0).r[2],
		   host_process(app[THIRD])->id.raw);
}

/* As many as they get: another one has the one that is kept for it, and more when one ends. */
HOST_TEST(several_use_up_the_table_and_give_it_back)
{
	uint32_t id = 0, made = 0;

	start();
	for (uint32_t who = 0; who < PARTIES; who++) {
		for (;;) {
			struct host_return result = lend_own(who, OTHER);

			if (result.r[0] != SYSCALL_SUCCESS_U32) {
				TEST_EQUAL(result.r[1], E_NOMEM);
				break;
			}
			id = result.r[1];
			made++;
		}
	}
	TEST_EQUAL(made, HOST_LOANS - (board.process_count - PARTIES));
	TEST_EQUAL(lend_own(OTHER, LENDER).r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(lend_own(OTHER, LENDER).r[1], E_NOMEM);
	TEST_EQUAL(by_id(OTHER, GIVE_BACK, id).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(lend_own(OTHER, LENDER).r[0], SYSCALL_SUCCESS_U32);
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(a_timer_that_has_not_the_slots_of_the_table_is_a_bug, 4 /* SIGILL */)
{
	static struct loan_timer timer;
	static struct loan_timer_entry entries[HOST_LOANS - 1];
	static struct alarm alarm;

	start();
	loan_timer_init(&timer, &(struct loan_timer_config){.alarm = &alarm,
							    .cap = &host_loans,
							    .entries = entries,
							    .count = HOST_LOANS - 1});
}
