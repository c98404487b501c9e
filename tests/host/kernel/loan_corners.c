/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Loans as capsules and boards can make them: stale and wrong arguments of
 * kernel/loan.h and kernel/pool.h, a board's own windows, what the log says.
 */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/loan.h"
#include "kernel/peer.h"
#include "kernel/pool.h"

#include <string.h>

enum { BUFFER = 0x400, SIZE = 0x100, ALONE = LOAN_WRITE | LOAN_EXCLUSIVE };

static struct host_app *lender, *borrower, *third;

/* What is shared at the end keeps the break above all that is lent here. */
static void open_memory(struct host_app *app)
{
	host_memop(app, MEMOP_BRK, host_ram(app, 0x800));
	host_allow_ro(app, DRIVER_LOAN, 0, host_ram(app, 0x700), 0x100);
}

static void begin(const struct host_config *config)
{
	host_board_start(config);
	lender = host_script_add("lender");
	borrower = host_script_add("borrower");
	third = host_script_add("third");
	host_run();
	open_memory(lender);
	open_memory(borrower);
	open_memory(third);
}

static struct process_id id_of(struct host_app *app)
{
	return host_process(app)->id;
}

static struct loan_terms terms(struct host_app *from, struct host_app *to, uint32_t flags)
{
	return (struct loan_terms){.owner = id_of(from),
				   .borrower = id_of(to),
				   .start = host_ram(lender, BUFFER),
				   .length = SIZE,
				   .flags = flags,
				   .driver = LOAN_TO_ANY};
}

static struct loan_id lend(struct host_app *from, struct host_app *to, uint32_t flags)
{
	const struct loan_terms wish = terms(from, to, flags);
	struct loan_id id = {0};

	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_OK);
	return id;
}

static struct loan_id held(struct host_app *from, struct host_app *to, uint32_t flags)
{
	struct loan_id id = lend(from, to, flags);

	TEST_EQUAL(loan_accept(&host_loans, id_of(to), id, NULL), E_OK);
	return id;
}

/* ---- stale and wrong arguments ---- */

HOST_TEST(a_party_that_ended_neither_lends_nor_borrows)
{
	struct loan_terms wish;
	struct process_id former;
	struct loan_id id = {0};

	begin(NULL);
	former = id_of(borrower);
	wish = terms(lender, borrower, 0);
	TEST_EQUAL(host_terminate(borrower), E_OK);
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_NODEVICE);
	wish.borrower = id_of(third);
	wish.owner = former;
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_NODEVICE);
	TEST_EQUAL(id.raw, 0);
	id = lend(lender, third, 0);
	TEST_EQUAL(loan_accept(&host_loans, former, id, NULL), E_INVAL);
	TEST_EQUAL(loan_windows_left(&host_loans, former), 0);
}

/* The kernel's own loans have nobody as their owner. */
HOST_TEST(nobody_is_no_party)
{
	struct loan_id id;

	begin(NULL);
	id = lend(lender, borrower, 0);
	TEST_EQUAL(loan_revoke(&host_loans, process_id_none(), id), E_INVAL);
	TEST_EQUAL(loan_return(&host_loans, process_id_none(), id), E_INVAL);
	TEST_EQUAL(loan_accept(&host_loans, process_id_none(), id, NULL), E_INVAL);
	TEST_EQUAL(loan_expire(&host_loans, id), E_OK);
	TEST_EQUAL(loan_expire(&host_loans, id), E_INVAL);
}

HOST_TEST(what_is_had_alone_is_passed_on_whole)
{
	struct loan_terms wish;
	struct loan_id id;

	begin(NULL);
	held(lender, borrower, ALONE);
	wish = terms(borrower, third, ALONE);
	wish.length = SIZE / 2;
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_INVAL);
	wish.start += SIZE / 2;
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_INVAL);
	wish.flags = LOAN_WRITE;
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_OK);

	/* Somebody else has a part of it now. */
	wish = terms(borrower, third, ALONE);
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_BUSY);
}

/* Loans end in the order of the table: what the dead one had is live still when its own end. */
HOST_TEST(what_a_dead_one_passed_on_ends_before_what_it_had)
{
	struct loan_id parent, child, grandchild;
	struct host_app *last;

	host_board_start(NULL);
	lender = host_script_add("lender");
	borrower = host_script_add("borrower");
	third = host_script_add("third");
	last = host_script_add("last");
	host_run();
	open_memory(lender);
	do {
		parent = lend(lender, borrower, 0);
		TEST_EQUAL(loan_expire(&host_loans, parent), E_OK);
	} while (parent.raw % 256 != HOST_LOANS - 2);
	parent = held(lender, borrower, ALONE);
	child = held(borrower, third, ALONE);
	TEST_CHECK(child.raw % 256 < parent.raw % 256);
	grandchild = held(third, last, ALONE);
	TEST_EQUAL(host_terminate(borrower), E_OK);
	TEST_EQUAL(loan_expire(&host_loans, parent), E_INVAL);
	TEST_EQUAL(loan_expire(&host_loans, child), E_INVAL);
	TEST_EQUAL(loan_expire(&host_loans, grandchild), E_INVAL);
	oracle_check_loans();
	held(lender, third, ALONE);
}

HOST_TEST(an_allow_that_wraps_is_in_no_loan)
{
	begin(NULL);
	held(lender, borrower, LOAN_WRITE);
	TEST_EQUAL(
		host_allow_rw(borrower, HOST_PROBE_DRIVER, 0, host_ram(lender, BUFFER), UINT32_MAX)
			.r[1],
		E_INVAL);
}

static struct host_return offered_shared;

static syscall_result offer_shared(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	const struct loan_shared shared = {.entry = entry,
					   .number = number - 1,
					   .borrower = {argument[0]},
					   .flags = LOAN_WRITE};
	struct loan_id id;

	return entry == NULL ? syscall_failure(E_NOMEM)
			     : syscall_from_error(loan_offer_shared(&host_loans, &shared, &id));
}

HOST_TEST(nothing_that_is_shared_is_nothing_to_lend)
{
	begin(NULL);
	host_probe.command = offer_shared;
	offered_shared = host_command(lender, HOST_PROBE_DRIVER, 1, id_of(borrower).raw, 0);
	TEST_EQUAL(offered_shared.r[1], E_INVAL);
	offered_shared = host_command(lender, HOST_PROBE_DRIVER, 1 + HOST_PROBE_ALLOWS,
				      id_of(borrower).raw, 0);
	TEST_EQUAL(offered_shared.r[1], E_INVAL);
	host_allow_rw(lender, HOST_PROBE_DRIVER, 0, host_ram(lender, BUFFER), SIZE);
	offered_shared = host_command(lender, HOST_PROBE_DRIVER, 1, id_of(borrower).raw, 0);
	TEST_EQUAL(offered_shared.r[0], SYSCALL_SUCCESS);
}

HOST_TEST(names_that_nobody_has)
{
	static const char longest[PEER_NAME_MAX + 1] = "lender";

	begin(NULL);
	TEST_CHECK(process_id_equal(peer_by_name(&host_loans, "lender", 6), id_of(lender)));
	TEST_CHECK(process_id_is_none(peer_by_name(&host_loans, "lander", 6)));
	TEST_CHECK(process_id_is_none(peer_by_name(&host_loans, "lender", 0)));
	TEST_CHECK(process_id_is_none(peer_by_name(&host_loans, longest, sizeof(longest))));
}

/* From hand to hand, through all that the board can hold; the first end is the end of all. */
HOST_TEST(a_loan_that_was_passed_on_often_ends_everywhere)
{
	enum { HANDS = 16 };
	struct host_app *hands[HANDS];
	struct loan_id first, last = {0};

	host_board_start(&(struct host_config){.process_slots = HANDS});
	for (uint32_t i = 0; i < HANDS; i++)
		hands[i] = host_script_add("hand");
	host_run();
	for (uint32_t i = 0; i < HANDS; i++)
		open_memory(hands[i]);
	lender = hands[0];
	first = held(hands[0], hands[1], ALONE);
	for (uint32_t i = 1; i < HANDS - 1; i++)
		last = held(hands[i], hands[i + 1], ALONE);
	oracle_check_loans();
	TEST_EQUAL(loan_revoke(&host_loans, id_of(lender), first), E_OK);
	TEST_EQUAL(loan_expire(&host_loans, last), E_INVAL);
	for (uint32_t i = 0; i < HANDS; i++)
		TEST_EQUAL(loan_windows_left(&host_loans, id_of(hands[i])), ARCH_WINDOWS);
	oracle_check_loans();
}

/* ---- a board's own windows ---- */

static struct memory_window window[] = {{0, 4096, 1}};
static struct process_policy windowed[] = {
	{.name = "borrower", .timeslice_us = 10000, .windows = window, .window_count = 1}};

HOST_TEST(a_window_of_the_board_is_not_lent_away)
{
	const struct host_config config = {.policies = windowed, .policy_count = 1};
	struct loan_terms wish;
	struct loan_id id;

	window[0].start = HOST_FLASH_END - 4096;
	begin(&config);
	TEST_EQUAL(loan_windows_left(&host_loans, id_of(borrower)), ARCH_WINDOWS - 1);
	held(lender, borrower, LOAN_WRITE);
	TEST_EQUAL(loan_windows_left(&host_loans, id_of(borrower)), 0);
	wish = terms(lender, borrower, 0);
	wish.start += SIZE;
	TEST_EQUAL(loan_offer(&host_loans, &wish, &id), E_OK);
	TEST_EQUAL(loan_accept(&host_loans, id_of(borrower), id, NULL), E_RESERVE);
	TEST_CHECK(host_readable(&host_process(borrower)->mpu, window[0].start, 4));
	oracle_check_loans();
}

/* ---- what the log says of a fault ---- */

static bool reported(struct host_app *app, const char *text)
{
	host_touch(app, host_ram(lender, BUFFER));
	host_run();
	return strstr(host_log(), text) != NULL;
}

HOST_TEST(the_log_names_an_offer)
{
	begin(NULL);
	lend(lender, borrower, 0);
	TEST_CHECK(reported(borrower, "from lender was not accepted"));
}

HOST_TEST(the_log_names_a_right)
{
	begin(NULL);
	held(lender, borrower, 0);
	TEST_CHECK(reported(borrower, "from lender does not allow that"));
}

HOST_TEST(the_log_names_a_loan_that_was_passed_on)
{
	begin(NULL);
	held(lender, borrower, ALONE);
	held(borrower, third, ALONE);
	TEST_CHECK(reported(borrower, "from lender is lent on exclusively"));
}

HOST_TEST(the_log_names_a_loan_of_the_owner)
{
	begin(NULL);
	lend(lender, borrower, ALONE);
	TEST_CHECK(reported(lender, "of its own RAM is exclusive"));
}

HOST_TEST(the_log_names_a_loan_whose_parent_ended)
{
	struct loan_id id;

	begin(NULL);
	id = held(lender, borrower, LOAN_WRITE);
	held(borrower, third, LOAN_WRITE);
	TEST_EQUAL(loan_return(&host_loans, id_of(borrower), id), E_OK);
	TEST_CHECK(reported(third, "from borrower ended with the loan that it was made of"));
}

HOST_TEST(the_log_says_that_the_lender_ended)
{
	uint32_t address;

	begin(NULL);
	address = host_ram(lender, BUFFER);
	held(lender, borrower, LOAN_WRITE);
	host_terminate(lender);
	host_boot(lender);
	host_touch(borrower, address);
	host_run();
	TEST_CHECK(strstr(host_log(), "from a process that ended ended with its owner") != NULL);
}

/* The loan that was made last is the one that is named, in whatever slots they were. */
HOST_TEST(the_log_names_the_last_of_several)
{
	begin(NULL);
	for (uint32_t i = 0; i < HOST_LOANS + 2; i++) {
		struct loan_id id = held(lender, borrower, LOAN_WRITE);

		if (i < HOST_LOANS + 1)
			TEST_EQUAL(loan_return(&host_loans, id_of(borrower), id), E_OK);
		else
			TEST_EQUAL(loan_revoke(&host_loans, id_of(lender), id), E_OK);
	}
	lend(lender, third, LOAN_WRITE);
	TEST_CHECK(reported(borrower, "from lender was revoked"));
}

/* ---- buffers of the kernel ---- */

enum { POOLED = 256 };

static _Alignas(POOLED) uint8_t memory[2 * POOLED] __attribute__((section(".pool")));
static struct pool_buffer buffer;
static enum loan_end returned;
static uint32_t lent_to;

static void came_back(struct pool_client *client, struct pool_buffer *which,
		      const struct loan_info *loan, enum loan_end why)
{
	(void)client;
	(void)loan;
	TEST_CHECK(which == &buffer && pool_bytes(which) == memory);
	TEST_EQUAL(loan->borrower.raw, lent_to);
	returned = why;
}

static const struct pool_client_ops client_ops = {.returned = came_back};
static struct pool_client client = {.ops = &client_ops};

static struct pool_terms to_borrower(void)
{
	return (struct pool_terms){id_of(borrower), LOAN_TO_ANY, &client};
}

/* The borrower has the buffer. */
static struct loan_id lend_buffer(void)
{
	const struct pool_terms wish = to_borrower();
	struct loan_id id = {0};

	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_OK);
	TEST_EQUAL(loan_accept(&host_loans, id_of(borrower), id, NULL), E_OK);
	lent_to = wish.borrower.raw;
	return id;
}

HOST_TEST(a_buffer_goes_out_and_comes_home_empty)
{
	struct pool_terms wish;
	struct loan_id id;

	begin(NULL);
	wish = to_borrower();
	TEST_CHECK(pool_buffer_init(&buffer, memory, POOLED));
	memory[7] = 7;
	lend_buffer();
	TEST_CHECK(pool_bytes(&buffer) == NULL);
	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_BUSY);
	pool_take_back(&host_loans, &buffer);
	TEST_EQUAL(returned, LOAN_REVOKED);
	TEST_EQUAL(memory[7], 0);
	returned = 0;
	pool_take_back(&host_loans, &buffer);
	TEST_EQUAL(returned, 0);

	lend_buffer();
	host_touch(borrower, (uint32_t)(uintptr_t)memory + POOLED);
	TEST_EQUAL(returned, LOAN_BORROWER_DIED);
	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_NODEVICE);
}

HOST_TEST(the_log_names_a_buffer_of_the_kernel)
{
	begin(NULL);
	TEST_CHECK(pool_buffer_init(&buffer, memory, POOLED));
	TEST_EQUAL(loan_return(&host_loans, id_of(borrower), lend_buffer()), E_OK);
	host_touch(borrower, (uint32_t)(uintptr_t)memory);
	host_run();
	TEST_CHECK(strstr(host_log(), "from the kernel was returned") != NULL);
}

HOST_TEST(what_is_no_buffer_of_the_pool_is_not_lent)
{
	static uint8_t elsewhere[POOLED];
	struct pool_terms wish;
	struct loan_id id;

	begin(&(struct host_config){.granule = 64});
	wish = to_borrower();
	TEST_CHECK(!pool_buffer_init(&buffer, elsewhere, POOLED));
	TEST_CHECK(!pool_buffer_init(&buffer, linker_pool_end + 1, POOLED));
	TEST_CHECK(!pool_buffer_init(&buffer, linker_pool_end - 64, 128));
	TEST_CHECK(!pool_buffer_init(&buffer, memory, 0));
	TEST_CHECK(!pool_buffer_init(&buffer, memory + 4, 64));
	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_BUSY);
}

/* A board that gives one piece of memory to two buffers lends it once. */
HOST_TEST(two_buffers_of_one_memory_are_lent_once)
{
	static struct pool_buffer same;
	struct pool_terms wish;
	struct loan_id id;

	begin(NULL);
	wish = to_borrower();
	TEST_CHECK(pool_buffer_init(&buffer, memory, POOLED));
	TEST_CHECK(pool_buffer_init(&same, memory, POOLED));
	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_OK);
	wish.borrower = id_of(third);
	TEST_EQUAL(pool_lend(&host_loans, &same, &wish, &id), E_BUSY);
}

/* Others have used up the table. */
HOST_TEST(a_pool_has_a_table_that_is_full)
{
	struct host_app *from[3];
	struct pool_terms wish;
	struct loan_id id;
	enum error error = E_OK;

	begin(NULL);
	from[0] = lender;
	from[1] = borrower;
	from[2] = third;
	TEST_CHECK(pool_buffer_init(&buffer, memory, POOLED));
	for (uint32_t i = 0; i < HOST_LOANS; i++) {
		struct loan_terms own = terms(from[i / 8 % 3], from[(i / 8 + 1) % 3], 0);

		own.start = host_ram(from[i / 8 % 3], BUFFER);
		error = loan_offer(&host_loans, &own, &id);
	}
	wish = to_borrower();
	TEST_EQUAL(pool_lend(&host_loans, &buffer, &wish, &id), E_NOMEM);
	TEST_CHECK(pool_bytes(&buffer) == memory);
	TEST_CHECK(error == E_OK || error == E_NOMEM);
}
