/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/loan.h"

#include <stdlib.h>
#include <string.h>

#include "detent/share.h"

/* docs/syscalls/d0002_loan.md */
enum {
	COMMAND_OFFER = 1,
	COMMAND_ACCEPT = 2,
	COMMAND_RETURN = 3,
	COMMAND_REVOKE = 4,
	COMMAND_SHAPE = 5,
	COMMAND_DESCRIBE = 6,
	COMMAND_SELF = 7,
	COMMAND_FIND_SHORT_ID = 8,
	COMMAND_FIND_NAME = 9,
	COMMAND_WINDOWS = 10,
	COMMAND_RENEW = 11,
	COMMAND_POOL = 12,
	COMMAND_NEXT_OFFER = 13,
	ALLOW_TERMS = 0,
	ALLOW_NAME = 1,
};

/* An offer as the kernel reads it: words, however wide a pointer is. Shared once and for all. */
static uint32_t terms[6];
static bool shared;

static enum error share_terms(void)
{
	enum error error = E_OK;

	if (!shared)
		error = allow_ro(DRIVER_LOAN, ALLOW_TERMS,
				 (struct allowed_const){terms, sizeof(terms)}, NULL);
	shared = error == E_OK;
	return error;
}

/* A command that answers with two values. */
static enum error command_pair(uint32_t number, uint32_t argument, uint32_t value[2])
{
	struct command_return answer = command(DRIVER_LOAN, number, argument, 0);

	if (answer.variant != SYSCALL_SUCCESS_2_U32)
		return answer.variant == SYSCALL_FAILURE && answer.value[0] != 0
			       ? (enum error)answer.value[0]
			       : E_FAIL;
	value[0] = answer.value[0];
	value[1] = answer.value[1];
	return E_OK;
}

enum error loan_listen(void)
{
	return share_terms();
}

enum error loan_shape(size_t length, size_t *size, size_t *alignment)
{
	uint32_t value[2];
	enum error error = command_pair(COMMAND_SHAPE, (uint32_t)length, value);

	if (error != E_OK)
		return error;
	*size = value[0];
	*alignment = value[1];
	return E_OK;
}

void *loan_alloc(size_t length, size_t *size)
{
	size_t fits, alignment;

	if (loan_shape(length, &fits, &alignment) != E_OK || fits + alignment < fits)
		return NULL;

	uint8_t *bytes = malloc(fits + alignment - 1);

	if (bytes == NULL)
		return NULL;

	size_t beyond = (uintptr_t)bytes % alignment;

	if (size)
		*size = fits;
	return beyond == 0 ? bytes : bytes + (alignment - beyond);
}

enum error loan_make(const struct loan_offer *offer, loan_id *id)
{
	enum error error = share_terms();

	if (error != E_OK)
		return error;
	terms[0] = (uint32_t)(uintptr_t)offer->start;
	terms[1] = offer->length;
	terms[2] = offer->borrower;
	terms[3] = offer->flags;
	terms[4] = offer->driver;
	terms[5] = offer->ticks;
	return command_value(DRIVER_LOAN, COMMAND_OFFER, 0, id);
}

/* The lender is known by now. */
static enum error take(loan_id id, peer_id lender, struct loan *loan)
{
	uint32_t value[2];
	enum error error = command_pair(COMMAND_ACCEPT, id, value);

	if (error != E_OK)
		return error;
	*loan = (struct loan){
		.id = id,
		.lender = lender,
		.start = (void *)(uintptr_t)value[0],
		.length = value[1],
	};
	return E_OK;
}

enum error loan_accept(loan_id id, struct loan *loan)
{
	peer_id lender;

	if (loan_describe(id, &lender, NULL) != E_OK)
		return E_INVAL;
	return take(id, lender, loan);
}

enum error loan_next_offer(loan_id after, struct loan *offer)
{
	uint32_t value[2];
	enum error error = command_pair(COMMAND_NEXT_OFFER, after, value);

	if (error != E_OK)
		return error;
	*offer = (struct loan){.id = value[0], .lender = value[1]};
	return E_OK;
}

/* Upcalls about offers that can be asked for: one that waits from now on is of a later offer. */
static enum error forget_what_was_told(void)
{
	struct subscription was = {NULL, NULL};
	enum error error =
		subscribe(DRIVER_LOAN, LOAN_OFFERED, (struct subscription){NULL, NULL}, &was);

	if (error != E_OK || was.upcall == NULL)
		return error;
	return subscribe(DRIVER_LOAN, LOAN_OFFERED, was, NULL);
}

/* Lenders are served in turn, however many offers one of them makes. */
enum error loan_await(struct loan *loan)
{
	static loan_id last;
	enum error error = loan_listen();

	if (error == E_OK)
		error = forget_what_was_told();
	if (error == E_OK)
		error = loan_next_offer(last, loan);
	while (error == E_OK && loan->id == 0) {
		(void)yield_wait_for(DRIVER_LOAN, LOAN_OFFERED);
		error = loan_next_offer(last, loan);
	}
	if (error != E_OK)
		return error;

	last = loan->id;
	return take(loan->id, loan->lender, loan);
}

enum error loan_return(loan_id id)
{
	return command_done(DRIVER_LOAN, COMMAND_RETURN, id, 0);
}

enum error loan_revoke(loan_id id)
{
	return command_done(DRIVER_LOAN, COMMAND_REVOKE, id, 0);
}

enum error loan_renew(loan_id id, uint32_t ticks)
{
	return command_done(DRIVER_LOAN, COMMAND_RENEW, id, ticks);
}

enum error loan_describe(loan_id id, peer_id *other, uint32_t *flags)
{
	uint32_t value[2];
	enum error error = command_pair(COMMAND_DESCRIBE, id, value);

	if (error != E_OK)
		return error;
	if (other)
		*other = value[0];
	if (flags)
		*flags = value[1];
	return E_OK;
}

enum error loan_from_pool(uint32_t ticks, struct loan *loan)
{
	uint32_t value[2];
	enum error error = command_pair(COMMAND_POOL, ticks, value);

	if (error != E_OK)
		return error;
	error = take(value[0], 0, loan);
	if (error != E_OK)
		loan_return(value[0]);
	return error;
}

uint32_t loan_windows(void)
{
	uint32_t windows = 0;

	if (command_value(DRIVER_LOAN, COMMAND_WINDOWS, 0, &windows) != E_OK)
		return 0;
	return windows;
}

peer_id loan_self(void)
{
	peer_id self = 0;

	if (command_value(DRIVER_LOAN, COMMAND_SELF, 0, &self) != E_OK)
		return 0;
	return self;
}

enum error loan_find_short_id(uint32_t short_id, peer_id *peer)
{
	return command_value(DRIVER_LOAN, COMMAND_FIND_SHORT_ID, short_id, peer);
}

enum error loan_find_name(const char *name, peer_id *peer)
{
	SHARE_RO(lent, DRIVER_LOAN, ALLOW_NAME, name, strlen(name));

	if (lent.error != E_OK)
		return lent.error;
	return command_value(DRIVER_LOAN, COMMAND_FIND_NAME, 0, peer);
}
