/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Loans: offer, accept, return, revoke, deadlines, re-lending, death; as processes see them. */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/loan.h"
#include "trusted/board.h"

#include <string.h>

enum {
	OFFER = 1,
	ACCEPT,
	GIVE_BACK,
	REVOKE,
	SHAPE,
	DESCRIBE,
	SELF,
	FIND_SHORT_ID,
	FIND_NAME,
	WINDOWS,
	RENEW,

	OFFERED = 0, /* upcalls */
	NEAR = 1,
	ENDED = 2,

	TERMS = 0x1F00, /* where the words of an offer lie, from the start of RAM */
	BUFFER = 0x400, /* what is lent, as a rule */
	SIZE = 0x100,
	SHARED = LOAN_WRITE,
	ALONE = LOAN_WRITE | LOAN_EXCLUSIVE,
};

static struct host_app *lender, *borrower, *third;

static uint32_t self(struct host_app *app)
{
	return host_command(app, DRIVER_LOAN, SELF, 0, 0).r[1];
}

static struct host_app *party(const char *name, uint32_t short_id)
{
	return host_script_add_image(
		&(struct host_image_options){.name = name, .min_ram = 16384, .short_id = short_id});
}

static void prepare(struct host_app *app)
{
	host_memop(app, MEMOP_BRK, host_ram(app, 0x2000));
	for (uint32_t i = OFFERED; i <= ENDED; i++)
		host_subscribe(app, DRIVER_LOAN, i, host_flash(app, 0x100 + 0x10 * i), 0);
	host_allow_ro(app, DRIVER_LOAN, 0, host_ram(app, TERMS), 24);
}

static void start(void)
{
	host_board_start(NULL);
	lender = party("lender", 0);
	borrower = party("borrower", 0);
	third = party("third", 0);
	prepare(lender);
	prepare(borrower);
	prepare(third);
}

struct offer {
	uint32_t start, length, flags, driver, ticks;
};

static struct host_return offer_to(struct host_app *from, struct host_app *to, struct offer what)
{
	const uint32_t words[6] = {what.start, what.length, to == from ? self(from) : self(to),
				   what.flags, what.driver, what.ticks};

	host_poke(from, host_ram(from, TERMS), words, sizeof(words));
	return host_command(from, DRIVER_LOAN, OFFER, 0, 0);
}

/* The lender's buffer, with these flags; the id. */
static uint32_t lend(uint32_t flags)
{
	struct host_return result =
		offer_to(lender, borrower,
			 (struct offer){host_ram(lender, BUFFER), SIZE, flags, LOAN_TO_ANY, 0});

	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	return result.r[1];
}

static uint32_t pass_on(uint32_t flags)
{
	struct host_return result =
		offer_to(borrower, third,
			 (struct offer){host_ram(lender, BUFFER), SIZE, flags, LOAN_TO_ANY, 0});

	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	return result.r[1];
}

static struct host_return take(struct host_app *app, uint32_t id)
{
	return host_command(app, DRIVER_LOAN, ACCEPT, id, 0);
}

/* What the hardware would let a process do with the first byte of the buffer. */
static bool may(struct host_app *app, bool write)
{
	const struct arch_mpu *mpu = &host_process(app)->mpu;
	uint32_t address = host_ram(lender, BUFFER);

	return write ? host_writable(mpu, address, 1) : host_readable(mpu, address, 1);
}

HOST_TEST(a_loan_opens_a_window_and_its_end_shuts_it)
{
	start();
	uint32_t id = lend(LOAN_WRITE);

	TEST_CHECK(!may(borrower, false));
	struct host_return result = take(borrower, id);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(result.r[1], host_ram(lender, BUFFER));
	TEST_EQUAL(result.r[2], SIZE);
	TEST_CHECK(may(borrower, true));
	TEST_CHECK(may(lender, true));
	TEST_CHECK(!may(third, false));
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, GIVE_BACK, id, 0).r[0], SYSCALL_SUCCESS);
	TEST_CHECK(!may(borrower, false));
	TEST_CHECK(may(lender, true));
}

HOST_TEST(read_only_is_read_only)
{
	start();
	take(borrower, lend(0));
	TEST_CHECK(may(borrower, false));
	TEST_CHECK(!may(borrower, true));
}

HOST_TEST(an_exclusive_offer_shuts_the_owner_out)
{
	start();
	uint32_t id = lend(ALONE);

	TEST_CHECK(!may(lender, false));
	take(borrower, id);
	TEST_CHECK(!may(lender, false));
	TEST_CHECK(may(borrower, true));
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, REVOKE, id, 0).r[0], SYSCALL_SUCCESS);
	TEST_CHECK(may(lender, true));
	TEST_CHECK(!may(borrower, false));
}

static struct host_return borrower_allows(uint32_t offset, uint32_t length)
{
	return host_allow_rw(borrower, HOST_PROBE_DRIVER, 0, host_ram(lender, BUFFER + offset),
			     length);
}

static enum error written;

static syscall_result write_there(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);

	(void)number;
	(void)argument;
	written = entry == NULL ? E_NOMEM : allow_rw_write(entry, 0, 0, "detent", 6);
	return syscall_success_u32(entry == NULL ? 0 : (uint32_t)allow_rw_length(entry, 0));
}

/* A driver writes into what the borrower has allowed to it; the length it sees. */
static uint32_t driver_writes(struct host_app *app)
{
	host_probe.command = write_there;
	return host_command(app, HOST_PROBE_DRIVER, 1, 0, 0).r[1];
}

HOST_TEST(tock_2875_an_allow_into_a_loan_ends_with_it)
{
	start();
	uint32_t id = lend(LOAN_WRITE);
	uint8_t byte = 0;

	TEST_EQUAL(borrower_allows(0, 16).r[1], E_INVAL); /* not accepted yet */
	take(borrower, id);
	TEST_EQUAL(borrower_allows(0, SIZE + 1).r[1], E_INVAL);
	TEST_EQUAL(borrower_allows((uint32_t)-1, 2).r[1], E_INVAL);
	TEST_EQUAL(borrower_allows(16, SIZE - 16).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(driver_writes(borrower), SIZE - 16);
	TEST_EQUAL(written, E_OK);
	host_peek(lender, host_ram(lender, BUFFER + 16), &byte, 1);
	TEST_EQUAL(byte, 'd');
	host_command(lender, DRIVER_LOAN, REVOKE, id, 0);
	TEST_EQUAL(driver_writes(borrower), 0); /* upstream 2875: the allow outlived the region */
	TEST_EQUAL(written, E_SIZE);
	TEST_EQUAL(borrower_allows(16, 16).r[1], E_INVAL);
}

HOST_TEST(a_read_only_loan_is_allowed_read_only)
{
	start();
	take(borrower, lend(0));
	TEST_EQUAL(borrower_allows(0, 16).r[1], E_INVAL);
	TEST_EQUAL(host_allow_ro(borrower, HOST_PROBE_DRIVER, 0, host_ram(lender, BUFFER), 16).r[0],
		   SYSCALL_SUCCESS_2_U32);
}

HOST_TEST(the_driver_number_of_a_loan_bounds_what_it_is_passed_on_to)
{
	struct offer what;

	start();
	what = (struct offer){host_ram(lender, BUFFER), SIZE, LOAN_WRITE, HOST_BULKY_DRIVER, 0};
	uint32_t id = offer_to(lender, borrower, what).r[1];

	take(borrower, id);
	TEST_EQUAL(borrower_allows(0, 16).r[1], E_INVAL);
	what.driver = LOAN_TO_ANY;
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
	host_command(borrower, DRIVER_LOAN, GIVE_BACK, id, 0);
	what.driver = DRIVER_LOAN;
	take(borrower, offer_to(lender, borrower, what).r[1]);
	TEST_EQUAL(borrower_allows(0, 16).r[1], E_INVAL);
	TEST_EQUAL(offer_to(borrower, third, what).r[0], SYSCALL_SUCCESS_U32);
	what.driver = LOAN_TO_NOBODY;
	TEST_EQUAL(offer_to(borrower, third, what).r[0], SYSCALL_SUCCESS_U32);

	/* Who may not allow it cannot have somebody else do so. */
	what.driver = LOAN_TO_ANY;
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
	what.driver = HOST_PROBE_DRIVER;
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
}

HOST_TEST(all_that_was_passed_on_ends_with_the_first_loan)
{
	start();
	uint32_t id = lend(ALONE);

	take(borrower, id);
	uint32_t next = pass_on(ALONE);

	TEST_CHECK(!may(borrower, false)); /* it is third's alone now */
	take(third, next);
	TEST_CHECK(may(third, true));
	host_allow_rw(third, HOST_PROBE_DRIVER, 0, host_ram(lender, BUFFER), SIZE);
	TEST_EQUAL(driver_writes(third), SIZE);
	host_command(lender, DRIVER_LOAN, REVOKE, id, 0);
	TEST_CHECK(may(lender, true));
	TEST_CHECK(!may(borrower, false));
	TEST_CHECK(!may(third, false));
	TEST_EQUAL(driver_writes(third), 0);
	TEST_EQUAL(host_command(third, DRIVER_LOAN, GIVE_BACK, next, 0).r[1], E_INVAL);
}

HOST_TEST(what_was_passed_on_comes_back)
{
	start();
	take(borrower, lend(ALONE));
	uint32_t next = pass_on(ALONE);

	take(third, next);
	host_command(third, DRIVER_LOAN, GIVE_BACK, next, 0);
	TEST_CHECK(may(borrower, true));
	TEST_CHECK(!may(lender, true));
}

HOST_TEST(no_loan_goes_back_to_where_it_came_from)
{
	struct offer what;

	start();
	what = (struct offer){host_ram(lender, BUFFER), SIZE, LOAN_WRITE, LOAN_TO_ANY, 0};
	take(borrower, lend(LOAN_WRITE));
	TEST_EQUAL(offer_to(borrower, lender, what).r[1], E_INVAL);
	take(third, pass_on(LOAN_WRITE));
	TEST_EQUAL(offer_to(third, lender, what).r[1], E_INVAL);
	TEST_EQUAL(offer_to(third, borrower, what).r[1], E_INVAL);
	TEST_EQUAL(offer_to(third, third, what).r[1], E_INVAL);
}

HOST_TEST(rights_do_not_grow_when_passed_on)
{
	struct offer what;

	start();
	what = (struct offer){host_ram(lender, BUFFER), SIZE, LOAN_WRITE, LOAN_TO_ANY, 0};
	take(borrower, lend(0));
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
	what.flags = LOAN_EXCLUSIVE; /* lender still has it */
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
	what.flags = 0;
	what.length = SIZE + 4;
	TEST_EQUAL(offer_to(borrower, third, what).r[1], E_INVAL);
	what.length = SIZE / 2;
	TEST_EQUAL(offer_to(borrower, third, what).r[0], SYSCALL_SUCCESS_U32);
}

HOST_TEST(a_stale_handle_reaches_nothing)
{
	start();
	uint32_t id = lend(LOAN_WRITE);

	take(borrower, id);
	TEST_EQUAL(host_command(third, DRIVER_LOAN, GIVE_BACK, id, 0).r[1], E_INVAL);
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, REVOKE, id, 0).r[1], E_INVAL);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, GIVE_BACK, id, 0).r[1], E_INVAL);
	TEST_EQUAL(take(third, id).r[1], E_INVAL);
	TEST_EQUAL(take(borrower, id).r[1], E_INVAL); /* twice */
	host_command(borrower, DRIVER_LOAN, GIVE_BACK, id, 0);
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, GIVE_BACK, id, 0).r[1], E_INVAL);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, REVOKE, id, 0).r[1], E_INVAL);
	TEST_EQUAL(take(borrower, id).r[1], E_INVAL);
	for (uint32_t i = 0; i < 3 * HOST_LOANS; i++) { /* every slot is used again */
		uint32_t later = lend(0);

		TEST_CHECK(later != id);
		host_command(lender, DRIVER_LOAN, REVOKE, later, 0);
	}
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, REVOKE, 0, 0).r[1], E_INVAL);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, REVOKE, 0xFFFFFFFF, 0).r[1], E_INVAL);
}

HOST_TEST(ids_go_on_after_the_last_generation)
{
	start();
	for (uint32_t i = 0; i < HOST_LOANS; i++)
		board.loans.table[i].id.raw = 0xFFFFFF00 | i;
	for (uint32_t i = 0; i < 2 * HOST_LOANS; i++) {
		uint32_t id = lend(LOAN_WRITE);

		TEST_CHECK(id >= 0x100);
		TEST_EQUAL(take(borrower, id).r[0], SYSCALL_SUCCESS_2_U32);
		TEST_EQUAL(host_command(lender, DRIVER_LOAN, REVOKE, id, 0).r[0], SYSCALL_SUCCESS);
	}
}

HOST_TEST(a_handle_of_a_former_life_is_nobody)
{
	uint32_t words[6];

	start();
	words[0] = host_ram(lender, BUFFER);
	words[1] = SIZE;
	words[2] = self(borrower);
	words[3] = 0;
	words[4] = LOAN_TO_ANY;
	words[5] = 0;
	host_terminate(borrower);
	host_boot(borrower);
	host_poke(lender, host_ram(lender, TERMS), words, sizeof(words));
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, OFFER, 0, 0).r[1], E_NODEVICE);
}

HOST_TEST(death_of_the_borrower_ends_it)
{
	start();
	take(borrower, lend(ALONE));
	host_fault_it(borrower);
	TEST_CHECK(may(lender, true));
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, WINDOWS, 0, 0).r[1], ARCH_WINDOWS);
}

HOST_TEST(death_of_the_owner_ends_it_at_every_depth)
{
	start();
	take(borrower, lend(ALONE));
	take(third, pass_on(ALONE));
	host_fault_it(lender);
	TEST_CHECK(!may(borrower, false));
	TEST_CHECK(!may(third, false));
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, WINDOWS, 0, 0).r[1], ARCH_WINDOWS);
}

HOST_TEST(tock_4371_a_restart_of_the_owner_leaves_nothing_open)
{
	start();
	take(borrower, lend(LOAN_WRITE)); /* upstream 4371 */
	host_call(lender, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	TEST_CHECK(!may(borrower, false));
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, WINDOWS, 0, 0).r[1], ARCH_WINDOWS);
}

HOST_TEST(windows_run_out_and_come_back)
{
	uint32_t ids[ARCH_WINDOWS + 1];

	start();
	for (uint32_t i = 0; i <= ARCH_WINDOWS; i++)
		ids[i] = offer_to(lender, borrower,
				  (struct offer){host_ram(lender, BUFFER + 0x200 * i), SIZE, 0,
						 LOAN_TO_ANY, 0})
				 .r[1];
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		TEST_EQUAL(take(borrower, ids[i]).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(take(borrower, ids[ARCH_WINDOWS]).r[1], E_RESERVE);
	host_command(borrower, DRIVER_LOAN, GIVE_BACK, ids[0], 0);
	TEST_EQUAL(take(borrower, ids[ARCH_WINDOWS]).r[0], SYSCALL_SUCCESS_2_U32);
}

HOST_TEST(a_quota_bounds_what_one_process_offers)
{
	start();
	for (uint32_t i = 0; i < HOST_LOAN_QUOTA; i++)
		lend(0);
	TEST_EQUAL(offer_to(lender, borrower,
			    (struct offer){host_ram(lender, BUFFER), SIZE, 0, LOAN_TO_ANY, 0})
			   .r[1],
		   E_NOMEM);
	TEST_EQUAL(offer_to(third, borrower,
			    (struct offer){host_ram(third, BUFFER), SIZE, 0, LOAN_TO_ANY, 0})
			   .r[0],
		   SYSCALL_SUCCESS_U32);
}

HOST_TEST(what_is_lent_alone_is_lent_once)
{
	struct offer what;

	start();
	what = (struct offer){host_ram(lender, BUFFER + SIZE - 4), 8, 0, LOAN_TO_ANY, 0};
	lend(ALONE);
	TEST_EQUAL(offer_to(lender, third, what).r[1], E_BUSY);
	what.start += 4;
	TEST_EQUAL(offer_to(lender, third, what).r[0], SYSCALL_SUCCESS_U32);
	what.flags = LOAN_EXCLUSIVE;
	TEST_EQUAL(offer_to(lender, third, what).r[1], E_BUSY);
}

HOST_TEST(tock_1993_an_offer_that_cannot_be_expressed_says_what_could)
{
	struct host_return shape;

	start();
	host_hardware.granule = 256;
	TEST_EQUAL(offer_to(lender, borrower,
			    (struct offer){host_ram(lender, BUFFER), 100, 0, LOAN_TO_ANY, 0})
			   .r[1],
		   E_SIZE);
	shape = host_command(lender, DRIVER_LOAN, SHAPE, 100, 0);
	TEST_EQUAL(shape.r[1], 256);
	TEST_EQUAL(shape.r[2], 256);
}

HOST_TEST(bad_offers_are_refused)
{
	uint32_t ram, flash;

	start();
	ram = host_ram(lender, 0);
	flash = host_flash(lender, 0);
	const struct offer bad[] = {
		{ram + BUFFER, 0, 0, LOAN_TO_ANY, 0},
		{ram + BUFFER, SIZE, 4, LOAN_TO_ANY, 0},
		{ram - 4, SIZE, 0, LOAN_TO_ANY, 0},
		{ram + 0x2000 - 4, 8, 0, LOAN_TO_ANY, 0},
		{ram + BUFFER, 0xFFFFFFFC, 0, LOAN_TO_ANY, 0},
		{0xFFFFFFF0, 0x20, 0, LOAN_TO_ANY, 0},
		{flash, SIZE, 0, LOAN_TO_ANY, 0},
		{host_ram(third, BUFFER), SIZE, 0, LOAN_TO_ANY, 0},
		{host_info(lender).grant_break, 64, 0, LOAN_TO_ANY, 0},
	};

	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		TEST_EQUAL(offer_to(lender, borrower, bad[i]).r[1], E_INVAL);
	host_allow_ro(lender, DRIVER_LOAN, 0, host_ram(lender, TERMS), 20);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, OFFER, 0, 0).r[1], E_RESERVE);
}

HOST_TEST(the_break_stays_above_what_is_lent)
{
	start();
	lend(LOAN_WRITE);
	TEST_EQUAL(host_memop(lender, MEMOP_BRK, host_ram(lender, BUFFER + SIZE) - 4).r[1],
		   E_NOMEM);
}

HOST_TEST(a_higher_break_keeps_the_windows)
{
	start();
	take(borrower, lend(ALONE));
	host_memop(borrower, MEMOP_SBRK, 64);
	host_memop(lender, MEMOP_SBRK, 64);
	TEST_CHECK(may(borrower, true));
	TEST_CHECK(!may(lender, true));
}

/* ---- time ---- */

static uint32_t lend_for(uint32_t ms)
{
	uint32_t hertz = host_command(lender, DRIVER_ALARM, 1, 0, 0).r[1];
	const struct offer what = {host_ram(lender, BUFFER), SIZE, ALONE, LOAN_TO_ANY,
				   ms * (hertz / 1000)};

	return offer_to(lender, borrower, what).r[1];
}

HOST_TEST(a_deadline_warns_and_ends)
{
	struct host_return result;

	start();
	uint32_t id = lend_for(100);

	TEST_EQUAL(host_yield_for(borrower, DRIVER_LOAN, OFFERED).r[0], id);
	take(borrower, id);
	TEST_CHECK(!host_yield_for(borrower, DRIVER_LOAN, NEAR).returned);
	host_advance_ms(74);
	TEST_CHECK(!host_continue(borrower).returned);
	host_advance_ms(2);
	result = host_continue(borrower);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], id);
	TEST_CHECK(may(borrower, true));
	TEST_CHECK(!host_yield_for(lender, DRIVER_LOAN, ENDED).returned);
	host_advance_ms(25);
	result = host_continue(lender);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], id);
	TEST_EQUAL(result.r[1], LOAN_EXPIRED);
	TEST_CHECK(!may(borrower, false));
	TEST_CHECK(may(lender, true));
	host_touch(borrower, host_ram(lender, BUFFER));
	host_run();
	TEST_CHECK(strstr(host_log(), "from lender expired") != NULL);
}

HOST_TEST(a_deadline_can_be_put_off)
{
	start();
	uint32_t id = lend_for(100);

	take(borrower, id);
	host_advance_ms(90);
	host_command(lender, DRIVER_LOAN, RENEW, id,
		     host_command(lender, DRIVER_ALARM, 1, 0, 0).r[1]);
	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, RENEW, id, 0).r[1], E_INVAL);
	host_advance_ms(900);
	TEST_CHECK(may(borrower, true));
	host_advance_ms(101);
	TEST_CHECK(!may(borrower, true));
}

HOST_TEST(an_offer_expires_too)
{
	start();
	uint32_t id = lend_for(10);

	TEST_CHECK(!may(lender, true));
	host_advance_ms(11);
	TEST_CHECK(may(lender, true));
	TEST_EQUAL(take(borrower, id).r[1], E_INVAL);
}

/* ---- finding each other ---- */

HOST_TEST(peers_are_found_by_name_and_short_id)
{
	struct host_app *known;

	host_board_start(NULL);
	lender = party("lender", 0);
	known = party("known", 0x1234);
	prepare(lender);
	host_poke(lender, host_ram(lender, 0x100), "known", 5);
	host_allow_ro(lender, DRIVER_LOAN, 1, host_ram(lender, 0x100), 5);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, FIND_NAME, 0, 0).r[1], self(known));
	host_allow_ro(lender, DRIVER_LOAN, 1, host_ram(lender, 0x100), 4);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, FIND_NAME, 0, 0).r[1], E_NODEVICE);
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, FIND_SHORT_ID, 0, 0).r[1], E_NODEVICE);

	/* What only its header claims is not found. */
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, FIND_SHORT_ID, 0x1234, 0).r[1], E_NODEVICE);
	board.processes[process_id_slot(host_process(known)->id)].identity.credential = 1;
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, FIND_SHORT_ID, 0x1234, 0).r[1], self(known));
}

HOST_TEST(a_loan_is_described_to_its_parties_only)
{
	start();
	uint32_t id = lend(ALONE);

	TEST_EQUAL(host_command(borrower, DRIVER_LOAN, DESCRIBE, id, 0).r[1], self(lender));
	TEST_EQUAL(host_command(lender, DRIVER_LOAN, DESCRIBE, id, 0).r[2], ALONE);
	TEST_EQUAL(host_command(third, DRIVER_LOAN, DESCRIBE, id, 0).r[1], E_INVAL);
}
