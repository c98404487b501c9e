/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Buffers of the kernel on their way: a capsule fills one and lends it, for one driver or to
 * be lent on; processes read it, have a driver write a part of it, pass it on; it comes
 * home. And those that driver 0xD0002 lends to whoever asks.
 */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/loan.h"
#include "kernel/pool.h"

#include <string.h>

enum {
	OFFER = 1, /* commands of the loan driver */
	ACCEPT = 2,
	GIVE_BACK = 3,
	POOL = 12,
	ENDED = 2, /* its upcall */

	READ = 2, /* commands of the storage driver, which are its upcalls' numbers plus one */
	WRITE = 3,

	SIZE = 256,
	PART = 32,
	MS = 1000, /* ticks */
	TERMS = 0x700,
	ALONE = LOAN_WRITE | LOAN_EXCLUSIVE,
};

enum { FIRST, SECOND, THIRD, PARTIES };

static struct host_app *app[PARTIES];
static _Alignas(SIZE) uint8_t frame[SIZE] __attribute__((section(".pool")));
static struct pool_buffer buffer;

static void prepare(uint32_t who)
{
	host_memop(app[who], MEMOP_BRK, host_ram(app[who], 0x800));
	host_subscribe(app[who], DRIVER_LOAN, ENDED, host_flash(app[who], 0x100), 0);
	host_allow_ro(app[who], DRIVER_LOAN, 0, host_ram(app[who], TERMS), 24);
}

static void start(void)
{
	static const char *const name[PARTIES] = {"first", "second", "third"};
	const struct process_policy policy = {.timeslice_us = 10000, .storage = STORAGE_BY_CLAIM};

	host_board_start(&(struct host_config){.policy = policy});
	for (uint32_t i = 0; i < PARTIES; i++)
		app[i] = host_script_add(name[i]);
	host_run();
	for (uint32_t i = 0; i < PARTIES; i++)
		prepare(i);
}

static struct host_return by_id(uint32_t who, uint32_t number, uint32_t id)
{
	return host_command(app[who], DRIVER_LOAN, number, id, 0);
}

static bool may(uint32_t who, bool write)
{
	const struct arch_mpu *mpu = &host_process(app[who])->mpu;
	uint32_t address = (uint32_t)(uintptr_t)frame;

	return write ? host_writable(mpu, address, SIZE) : host_readable(mpu, address, SIZE);
}

/* What is awaited came, and says this. */
static bool told(struct host_return result, uint32_t id, enum loan_end why)
{
	return result.returned && result.r[0] == id && result.r[1] == (uint32_t)why;
}

/* ---- a capsule that fills one ---- */

static void start_capsule(void)
{
	start();
	TEST_CHECK(pool_buffer_init(&buffer, frame, SIZE));
}

/* What comes from outside, as a network's driver would have it. */
static void receive(void)
{
	uint8_t *bytes = pool_bytes(&buffer);

	TEST_CHECK(bytes == frame);
	for (uint32_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i ^ 0x5A);
}

/* The bytes from `from` on are what was received. */
static bool has_received(uint32_t from)
{
	for (uint32_t i = from; i < SIZE; i++)
		if (frame[i] != (uint8_t)(i ^ 0x5A))
			return false;
	return true;
}

static uint32_t lend_frame(uint32_t who, uint32_t driver)
{
	const struct pool_terms terms = {host_process(app[who])->id, driver, NULL};
	struct host_return taken;
	struct loan_id id = {0};

	TEST_EQUAL(pool_lend(&host_loans, &buffer, &terms, &id), E_OK);
	TEST_CHECK(pool_bytes(&buffer) == NULL && !may(who, false));
	taken = by_id(who, ACCEPT, id.raw);
	TEST_EQUAL(taken.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(taken.r[1], (uintptr_t)frame);
	TEST_EQUAL(taken.r[2], SIZE);
	TEST_CHECK(may(who, true));
	return id.raw;
}

static bool is_home_and_empty(void)
{
	static const uint8_t empty[SIZE];

	return pool_bytes(&buffer) == frame && memcmp(frame, empty, SIZE) == 0;
}

/* The storage driver copies between a buffer of the process and its region. */
static struct host_return transfer(uint32_t who, uint32_t command, uint32_t address)
{
	struct host_return shared =
		command == READ
			? host_allow_rw(app[who], DRIVER_ISOLATED_STORAGE, 0, address, PART)
			: host_allow_ro(app[who], DRIVER_ISOLATED_STORAGE, 0, address, PART);

	if (shared.r[0] != SYSCALL_SUCCESS_2_U32)
		return shared;
	TEST_EQUAL(host_command(app[who], DRIVER_ISOLATED_STORAGE, command, 0, 0).r[0],
		   SYSCALL_SUCCESS);
	return host_yield_for(app[who], DRIVER_ISOLATED_STORAGE, command - 1);
}

HOST_TEST(what_a_capsule_filled_is_for_the_driver_that_it_said)
{
	uint32_t at = (uint32_t)(uintptr_t)frame, id;
	uint8_t written[PART], there[PART];
	struct host_return result;

	start_capsule();
	memset(written, 'w', sizeof(written));
	host_poke(app[FIRST], host_ram(app[FIRST], 0x100), written, PART);
	TEST_EQUAL(transfer(FIRST, WRITE, host_ram(app[FIRST], 0x100)).r[0], E_OK);

	receive();
	id = lend_frame(FIRST, DRIVER_ISOLATED_STORAGE);
	TEST_CHECK(has_received(0)); /* and it is still there when it is lent */
	TEST_EQUAL(host_allow_ro(app[FIRST], DRIVER_CONSOLE, 1, at, PART).r[1], E_INVAL);

	/* The driver writes into the part that was allowed, and nowhere else. */
	result = transfer(FIRST, READ, at);
	TEST_CHECK(result.returned && result.r[0] == E_OK && result.r[1] == PART);
	TEST_CHECK(memcmp(frame, written, PART) == 0 && has_received(PART));

	/* And it copies from it. */
	TEST_EQUAL(transfer(FIRST, WRITE, at + PART).r[0], E_OK);
	TEST_EQUAL(transfer(FIRST, READ, host_ram(app[FIRST], 0x200)).r[0], E_OK);
	host_peek(app[FIRST], host_ram(app[FIRST], 0x200), there, PART);
	TEST_CHECK(memcmp(there, frame + PART, PART) == 0);

	/* It is no longer there for it when it is home. */
	TEST_EQUAL(transfer(FIRST, READ, at).r[0], E_OK);
	TEST_EQUAL(by_id(FIRST, GIVE_BACK, id).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(app[FIRST], DRIVER_ISOLATED_STORAGE, READ, 0, 0).r[0],
		   SYSCALL_SUCCESS);
	TEST_CHECK(host_yield_for(app[FIRST], DRIVER_ISOLATED_STORAGE, READ - 1).r[0] != E_OK);
	TEST_CHECK(is_home_and_empty() && !may(FIRST, false));
}

static struct host_return pass_on(uint32_t from, uint32_t to, uint32_t driver)
{
	const uint32_t words[6] = {(uint32_t)(uintptr_t)frame, SIZE, host_process(app[to])->id.raw,
				   ALONE, driver};

	host_poke(app[from], host_ram(app[from], TERMS), words, sizeof(words));
	return host_command(app[from], DRIVER_LOAN, OFFER, 0, 0);
}

HOST_TEST(what_a_capsule_filled_is_lent_on_and_comes_home_from_there)
{
	uint32_t next;

	start_capsule();
	receive();
	lend_frame(FIRST, DRIVER_LOAN);
	TEST_EQUAL(host_allow_rw(app[FIRST], DRIVER_ISOLATED_STORAGE, 0, (uint32_t)(uintptr_t)frame,
				 PART)
			   .r[1],
		   E_INVAL);
	TEST_EQUAL(pass_on(FIRST, SECOND, LOAN_TO_ANY).r[1], E_INVAL);
	next = pass_on(FIRST, SECOND, DRIVER_LOAN).r[1];
	TEST_CHECK(!may(FIRST, false) && !may(SECOND, false));
	TEST_EQUAL(by_id(SECOND, ACCEPT, next).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_CHECK(may(SECOND, true) && has_received(0));

	/* Back by one hand, and on by it again; then home from the second hand. */
	TEST_EQUAL(by_id(SECOND, GIVE_BACK, next).r[0], SYSCALL_SUCCESS);
	TEST_CHECK(may(FIRST, true) && !may(SECOND, false) && has_received(0));
	next = pass_on(FIRST, THIRD, LOAN_TO_NOBODY).r[1];
	TEST_EQUAL(by_id(THIRD, ACCEPT, next).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_CHECK(!host_yield_for(app[THIRD], DRIVER_LOAN, ENDED).returned);
	pool_take_back(&host_loans, &buffer);
	TEST_CHECK(is_home_and_empty() && !may(FIRST, false) && !may(THIRD, false));
	TEST_CHECK(told(host_continue(app[THIRD]), next, LOAN_PARENT_ENDED));
	oracle_check_loans();
}

HOST_TEST(a_buffer_that_is_for_nobody_stays_with_its_borrower)
{
	start_capsule();
	receive();
	lend_frame(FIRST, LOAN_TO_NOBODY);
	TEST_CHECK(has_received(0));
	TEST_EQUAL(pass_on(FIRST, SECOND, LOAN_TO_NOBODY).r[1], E_INVAL);
	TEST_EQUAL(
		host_allow_ro(app[FIRST], DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)frame, PART).r[1],
		E_INVAL);
}

/* ---- for whoever asks ---- */

static struct host_return borrow(uint32_t who, uint32_t ticks)
{
	return host_command(app[who], DRIVER_LOAN, POOL, ticks, 0);
}

/* The library cannot do without: it waits for this upcall. */
HOST_TEST(a_borrower_is_told_that_its_buffer_is_gone)
{
	uint32_t id;

	start();
	id = borrow(FIRST, 100 * MS).r[1];
	TEST_EQUAL(by_id(FIRST, ACCEPT, id).r[0], SYSCALL_SUCCESS_2_U32);
	TEST_CHECK(!host_yield_for(app[FIRST], DRIVER_LOAN, ENDED).returned);
	host_advance_ms(99);
	TEST_CHECK(!host_continue(app[FIRST]).returned);
	host_advance_ms(2);
	TEST_CHECK(told(host_continue(app[FIRST]), id, LOAN_EXPIRED));

	/* An offer that is not taken expires too; who gives back knows it. */
	id = borrow(FIRST, 100 * MS).r[1];
	host_advance_ms(101);
	TEST_CHECK(told(host_yield_for(app[FIRST], DRIVER_LOAN, ENDED), id, LOAN_EXPIRED));
	id = borrow(FIRST, 100 * MS).r[1];
	TEST_EQUAL(by_id(FIRST, GIVE_BACK, id).r[0], SYSCALL_SUCCESS);
	TEST_CHECK(!host_yield_for(app[FIRST], DRIVER_LOAN, ENDED).returned);
}

HOST_TEST(a_process_borrows_one_buffer_and_the_next_one_another)
{
	struct host_return first, second;

	start();
	first = borrow(FIRST, 100 * MS);
	TEST_EQUAL(first.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(borrow(FIRST, 100 * MS).r[1], E_NOMEM);
	second = borrow(SECOND, 100 * MS);
	TEST_EQUAL(second.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(borrow(THIRD, 100 * MS).r[1], E_BUSY);
	first = by_id(FIRST, ACCEPT, first.r[1]);
	second = by_id(SECOND, ACCEPT, second.r[1]);
	TEST_CHECK(first.r[1] + first.r[2] <= second.r[1] ||
		   second.r[1] + second.r[2] <= first.r[1]);
	TEST_EQUAL(host_terminate(app[FIRST]), E_OK);
	TEST_EQUAL(borrow(THIRD, 100 * MS).r[0], SYSCALL_SUCCESS_2_U32);
}
