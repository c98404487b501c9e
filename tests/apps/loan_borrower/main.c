/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Borrows from loan_lender, which writes a letter into the first byte of what it
 * lends: how this process is to misuse it. Each misuse but 'o' ends in a fault.
 */
#include <stdio.h>

#include "detent/console.h"
#include "detent/loan.h"

static struct loan loan;

static uint8_t look(void)
{
	return *(volatile uint8_t *)loan.start;
}

static void wait_for_end(void)
{
	struct upcall_values ended = yield_wait_for(DRIVER_LOAN, LOAN_ENDED);

	printf("borrower: ended, why %u\n", (unsigned int)ended.arg[1]);
}

/* A quarter of its time is left: it is told so, and still has it. */
static void wait_for_warning(void)
{
	struct upcall_values near = yield_wait_for(DRIVER_LOAN, LOAN_NEAR);

	printf("borrower: near, %c, %s\n", look(),
	       near.arg[0] == loan.id && near.arg[1] > 0 ? "of this loan" : "WRONG");
}

/* Lets drivers have it: 0 where that is refused. */
static unsigned int allowed(void)
{
	struct allowed_const bytes = {loan.start, loan.length};
	enum error error = allow_ro(DRIVER_CONSOLE, 1, bytes, NULL);

	return error == E_OK;
}

static void misuse(uint8_t how)
{
	switch (how) {
	case 'r': /* use after return, which cannot be done twice */
		if (loan_return(loan.id) != E_OK || loan_return(loan.id) != E_INVAL)
			printf("borrower: return is WRONG\n");
		break;
	case 'w': /* write to what is lent to read */
		printf("borrower: reads '%c'\n", look());
		*(volatile uint8_t *)loan.start = 1;
		break;
	case 'l': /* never give it back */
		wait_for_warning();
		for (;;)
			*(volatile uint8_t *)loan.start = 'L';
	case 'a': /* a driver has it when it ends: upstream 2875 */
		printf("borrower: allowed %u\n", allowed());
		wait_for_end();
		printf("borrower: allowed after the end %u\n", allowed());
		break;
	case 'x': /* use after the deadline, of which it was told twice */
		wait_for_warning();
		wait_for_end();
		break;
	default: /* use after the end, whatever the end is */
		wait_for_end();
		break;
	}
	printf("borrower: touches it, %c\n", how);
	printf("borrower: still reads '%c', WRONG\n", look());
}

int main(void)
{
	enum error error = loan_await(&loan);
	uint8_t how;

	while (error == E_INVAL) /* an offer that was taken back before it was seen */
		error = loan_await(&loan);
	if (error != E_OK) {
		printf("borrower: %s\n", error_text(error));
		return 1;
	}
	how = look();
	printf("borrower: got %u bytes, %c\n", (unsigned int)loan.length, how);
	misuse(how);
	return 2;
}
