/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two of it lend 4 KiB to and fro, for tests/bench/trace.py to count. The first
 * process of this name borrows, the other lends.
 */
#include <stdio.h>

#include "detent.h"

enum { ROUNDS = 16, BYTES = 4096, OFFER = 1, ACCEPT = 2, RETURN = 3 };

#define OPERATION(name)                                                                            \
	uint32_t op_##name(uint32_t driver, uint32_t number, uint32_t argument);                   \
	extern const char op_##name##_trap[]

OPERATION(loan_offer);
OPERATION(loan_accept);
OPERATION(loan_return);

static void tell(const char *name, uintptr_t address)
{
	printf("trace: at %s 0x%08x\n", name, (unsigned int)(address & ~(uintptr_t)1));
}

static void borrow(void)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t id = yield_wait_for(DRIVER_LOAN, LOAN_OFFERED).arg[0];

		(void)op_loan_accept(DRIVER_LOAN, ACCEPT, id);
		(void)op_loan_return(DRIVER_LOAN, RETURN, id);
	}
}

static enum error lend(peer_id peer)
{
	size_t size;
	void *bytes = loan_alloc(BYTES, &size);
	static struct loan_offer offer;
	loan_id id;
	enum error error;

	offer = (struct loan_offer)LOAN_OFFER(bytes, size, peer);
	offer.flags = LOAN_WRITE;
	if (bytes == NULL)
		return E_NOMEM;
	while ((error = loan_make(&offer, &id)) == E_NODEVICE)
		(void)sleep_ms(1);
	if (error == E_OK)
		error = allow_ro(DRIVER_LOAN, 0, (struct allowed_const){&offer, sizeof(offer)},
				 NULL);
	for (uint32_t i = 1; i < ROUNDS && error == E_OK; i++) {
		(void)yield_wait_for(DRIVER_LOAN, LOAN_ENDED);
		offer.flags = i < ROUNDS / 2 ? LOAN_WRITE : LOAN_WRITE | LOAN_EXCLUSIVE;
		(void)op_loan_offer(DRIVER_LOAN, OFFER, 0);
	}
	(void)yield_wait_for(DRIVER_LOAN, LOAN_ENDED);
	return error;
}

int main(void)
{
	peer_id first;

	if (loan_find_name("bench_loan", &first) != E_OK || loan_listen() != E_OK) {
		printf("trace: no loans\n");
		return 1;
	}
	tell("loan_offer", (uintptr_t)op_loan_offer_trap);
	tell("loan_accept", (uintptr_t)op_loan_accept_trap);
	tell("loan_return", (uintptr_t)op_loan_return_trap);
	tell("upcall", (uintptr_t)main);
	if (first == loan_self())
		borrow();
	else if (lend(first) != E_OK)
		return 1;
	printf("trace: done\n");
	return 0;
}
