/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Takes frames that a driver has filled and lent: one for the storage driver, which copies into
 * a part of it and out of another one, and one to be lent on, to frame_keeper. Ends with a
 * fault, at a frame that the driver has taken back.
 */
#include "frame.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "detent/console.h"
#include "detent/loan.h"
#include "detent/storage.h"
#include "detent/timer.h"

enum { PART = 32 };

static void must(bool holds, const char *what)
{
	if (!holds)
		printf("taker: WRONG: %s\n", what);
}

static struct loan take(uint32_t driver)
{
	struct command_return lent = command(DRIVER_FRAMES, FRAME_LEND, driver, 0);
	struct loan loan = {0};

	must(lent.variant == SYSCALL_SUCCESS_2_U32 && lent.value[1] == FRAME_BYTES, "it is lent");
	must(loan_accept(lent.value[0], &loan) == E_OK && loan.length == FRAME_BYTES,
	     "it is taken");
	return loan;
}

static uint32_t state(void)
{
	uint32_t value = FRAME_OUT;

	must(command_value(DRIVER_FRAMES, FRAME_STATE, 0, &value) == E_OK, "the driver");
	return value;
}

static bool as_it_came(const struct loan *frame, size_t from)
{
	const uint8_t *bytes = frame->start;

	for (size_t i = from; i < frame->length; i++)
		if (bytes[i] != FRAME_BYTE(i))
			return false;
	return true;
}

static bool lets_console(const struct loan *frame)
{
	struct allowed_const bytes = {frame->start, PART};

	return allow_ro(DRIVER_CONSOLE, 1, bytes, NULL) == E_OK;
}

/* The store has PART letters; the frame's first part becomes them, and the second one is stored. */
static void with_storage(void)
{
	struct loan frame;
	uint8_t *bytes;
	uint8_t stored[PART], letters[PART];

	memset(letters, 'w', PART);
	must(storage_write(0, letters, PART) == E_OK, "the store");
	frame = take(DRIVER_ISOLATED_STORAGE);
	bytes = frame.start;
	must(as_it_came(&frame, 0), "the driver's bytes");
	must(!lets_console(&frame), "another driver");
	must(storage_read(0, bytes, PART) == E_OK, "a driver writes");
	must(memcmp(bytes, letters, PART) == 0 && as_it_came(&frame, PART), "that part alone");
	must(storage_write(0, bytes + PART, PART) == E_OK, "a driver reads");
	must(storage_read(0, stored, PART) == E_OK && memcmp(stored, bytes + PART, PART) == 0,
	     "what it reads");
	must(state() == FRAME_OUT && loan_return(frame.id) == E_OK && state() == FRAME_HOME,
	     "it comes home, and is wiped");
	printf("taker: storage\n");
}

static void lend_on(const struct loan *frame)
{
	struct loan_offer offer = LOAN_OFFER(frame->start, frame->length, 0);
	enum error error = E_FAIL;
	loan_id id;

	offer.flags = LOAN_WRITE | LOAN_EXCLUSIVE;
	while (error != E_OK) {
		(void)sleep_ms(1); /* it has not begun to listen */
		if (loan_find_name("frame_keeper", &offer.borrower) == E_OK)
			error = loan_make(&offer, &id);
	}
}

int main(void)
{
	struct loan frame;

	must(loan_listen() == E_OK, "loans");
	with_storage();
	frame = take(DRIVER_LOAN);
	must(!lets_console(&frame), "a driver, where it may only be lent on");
	lend_on(&frame);
	must(yield_wait_for(DRIVER_LOAN, LOAN_ENDED).arg[1] == LOAN_RETURNED, "it comes back");
	must(*(uint8_t *)frame.start == 'k' && as_it_came(&frame, 1), "as the keeper left it");
	lend_on(&frame);
	(void)sleep_ms(20); /* the keeper has it */
	must(command_done(DRIVER_FRAMES, FRAME_TAKE_BACK, 0, 0) == E_OK && state() == FRAME_HOME,
	     "it is taken back from the second hand");
	(void)sleep_ms(20);
	printf("taker: touches it\n");
	printf("taker: still reads %u, WRONG\n", (unsigned int)*(volatile uint8_t *)frame.start);
	return 1;
}
