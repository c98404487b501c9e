/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lends to one loan_borrower after the other, each of which dies by what it does
 * with the loan. What the kernel must refuse is tried in between.
 */
#include <stdio.h>

#include "detent/alarm.h"
#include "detent/loan.h"
#include "detent/memory.h"
#include "detent/timer.h"

enum { BYTES = 4096 };

static uint8_t *bytes;
static size_t size;
static uint32_t hertz;

static void must(bool holds, const char *what)
{
	if (!holds)
		printf("lender: WRONG: %s\n", what);
}

static peer_id borrower(void)
{
	peer_id peer;

	while (loan_find_name("loan_borrower", &peer) != E_OK)
		(void)sleep_ms(1);
	return peer;
}

/* To the next borrower that has started to listen. */
static loan_id lend(char how, uint32_t flags, uint32_t ticks)
{
	struct loan_offer offer = LOAN_OFFER(bytes, size, borrower());
	enum error error;
	loan_id id = 0;

	bytes[0] = (uint8_t)how;
	offer.flags = flags;
	offer.ticks = ticks;
	offer.driver = DRIVER_CONSOLE;
	while ((error = loan_make(&offer, &id)) == E_NODEVICE) {
		(void)sleep_ms(1);
		offer.borrower = borrower();
	}
	if (error != E_OK)
		printf("lender: WRONG: %c: %s\n", how, error_text(error));
	return id;
}

static void check_refusals(void)
{
	struct loan_offer offer = LOAN_OFFER(bytes, size, borrower());
	loan_id id;
	void *was;

	offer.length = (uint32_t)size - 4 + 1;
	must(loan_make(&offer, &id) == E_SIZE, "a size that no processor has");
	offer.length = (uint32_t)size;
	offer.start = bytes + 2;
	must(loan_make(&offer, &id) == E_SIZE, "a start that no processor has");
	offer.start = (void *)memory_grant_start();
	offer.length = 32;
	must(loan_make(&offer, &id) != E_OK, "the kernel's part of its RAM");
	offer.start = bytes;
	offer.length = (uint32_t)size;
	offer.borrower = loan_self();
	must(loan_make(&offer, &id) == E_INVAL, "a loan to itself");
	offer.borrower ^= 0x100;
	must(loan_make(&offer, &id) == E_NODEVICE, "a stale handle");
	must(loan_return(0x101) == E_INVAL && loan_revoke(0x101) == E_INVAL, "a stale loan");
	must(memory_extend(-(ptrdiff_t)0x100000, &was) == E_NOMEM, "the break far below");
}

/* A device, or an upcall, may answer much later: nothing is there by then. */
static void check_break(void)
{
	uintptr_t top = (uintptr_t)bytes + size;
	void *was = NULL;

	must(memory_extend(0, &was) == E_OK, "the break");
	must(memop(MEMOP_BRK, top - 4, NULL) == E_NOMEM, "the break below what was lent");
}

static bool is_zero(const struct loan *loan)
{
	const uint8_t *byte = loan->start;

	for (size_t i = 0; i < loan->length; i++)
		if (byte[i] != 0)
			return false;
	return true;
}

enum { POOL_TICKS = 0x20000000 /* longer than the test */ };

/* The kernel's buffers: written by the hardware's leave, allowed, passed on, wiped. */
static void check_pool(void)
{
	struct loan first = {0}, other;
	struct loan_offer offer;
	struct upcall_values ended;
	loan_id id;

	must(loan_from_pool(0, &first) == E_INVAL, "a buffer without a deadline");
	if (loan_from_pool(POOL_TICKS, &first) != E_OK) {
		printf("lender: WRONG: no buffers in the pool\n");
		return;
	}
	must(loan_from_pool(POOL_TICKS, &other) == E_NOMEM, "one process has one buffer");
	must(is_zero(&first), "buffers are zeroed");
	for (size_t i = 0; i < first.length; i++)
		((uint8_t *)first.start)[i] = 'p';
	must(allow_ro(DRIVER_CONSOLE, 1, (struct allowed_const){first.start, 16}, NULL) == E_OK,
	     "a buffer of the pool is allowed");
	offer = (struct loan_offer)LOAN_OFFER(first.start, first.length, borrower());
	offer.flags = LOAN_WRITE | LOAN_EXCLUSIVE;
	must(loan_make(&offer, &id) == E_OK, "it is passed on");
	must(loan_make(&offer, &id) == E_INVAL, "but not twice");
	must(loan_return(first.id) == E_OK && loan_return(first.id) == E_INVAL,
	     "it is returned once");
	must(loan_revoke(id) == E_INVAL, "and what was made of it is over");
	must(yield_wait_for(DRIVER_LOAN, LOAN_ENDED).arg[1] == LOAN_PARENT_ENDED, "so it is told");
	must(loan_from_pool(POOL_TICKS, &other) == E_OK, "it can be borrowed again");
	must(is_zero(&other), "and is wiped");
	must(loan_return(other.id) == E_OK, "it is home");
	must(loan_from_pool(hertz / 100, &other) == E_OK, "for a short time");
	ended = yield_wait_for(DRIVER_LOAN, LOAN_ENDED);
	must(ended.arg[0] == other.id && ended.arg[1] == LOAN_EXPIRED, "its end is told");
	printf("lender: pool done\n");
}

/* The borrower faults, which ends the loan; then all is as before. */
static void await_death(void)
{
	uint32_t why = yield_wait_for(DRIVER_LOAN, LOAN_ENDED).arg[1];

	printf("lender: ended, why %u, reads '%c'\n", (unsigned int)why, bytes[0]);
	must(loan_windows() > 0, "a window is left");
	(void)sleep_ms(20); /* it is dead by then */
}

int main(void)
{
	loan_id id;

	bytes = loan_alloc(BYTES, &size);
	if (bytes == NULL || alarm_frequency(&hertz) != E_OK || loan_listen() != E_OK) {
		printf("lender: no memory or no driver\n");
		return 1;
	}
	printf("lender: %u bytes at 0x%08x\n", (unsigned int)size, (unsigned int)(uintptr_t)bytes);
	(void)lend('r', LOAN_WRITE | LOAN_EXCLUSIVE, 0);
	await_death();
	check_refusals();
	check_break();
	check_pool();
	(void)lend('w', 0, 0);
	await_death();
	(void)lend('l', LOAN_WRITE | LOAN_EXCLUSIVE, hertz / 50);
	await_death();
	(void)lend('x', LOAN_WRITE, hertz / 50);
	await_death();
	id = lend('a', LOAN_WRITE, 0);
	(void)sleep_ms(20);
	must(loan_revoke(id) == E_OK && loan_revoke(id) == E_INVAL, "revoke works once");
	(void)sleep_ms(20);
	(void)lend('d', LOAN_WRITE | LOAN_EXCLUSIVE, 0);
	(void)sleep_ms(20);
	printf("lender: touches what it lent\n");
	printf("lender: still reads '%c', WRONG\n", bytes[0]);
	return 2;
}
