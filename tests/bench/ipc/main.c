/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two of it at once talk to each other, for tests/bench/trace.py to count kernel
 * instructions: requests of 0, 16 and 256 bytes with answers of the same length,
 * and 4 KiB that are lent and come back. The first to listen is the service.
 */
#include <stdio.h>
#include <string.h>

#include "detent.h"

enum {
	CALLS = 12,
	SHORT = 16,  /* bytes */
	LONG = 256,  /* bytes */
	LENT = 4096, /* bytes */
};

/* Driver 0xD0010; detent/ipc.h would share its buffers anew for each call. */
enum {
	LISTEN = 1,
	BY_NAME = 3,
	PEER = 5,
	ACCEPT = 7,
	NEWS = 9,
	REQUEST = 10,
	READY = 12,
	ANSWER_NEXT = 14
};
enum { ON_ANSWER = 0, ON_REQUEST = 4, ON_NEWS = 5 };
enum { RO_NAME = 0, RO_OUT = 1, RO_ANSWER = 5, RW_IN = 0, RW_REQUEST = 4 };
enum { OPEN = 2 };
enum { OFFER = 1, ACCEPT_LOAN = 2 };

typedef void op_function(const uintptr_t words[5], uint32_t count);

#define OPERATION(name)                                                                            \
	op_function op_##name;                                                                     \
	extern const char op_##name##_trap[]

OPERATION(request_empty);
OPERATION(request_short);
OPERATION(request_long);
OPERATION(offer);

static uint8_t out[LONG], in[LONG];
static volatile uint32_t answers;
static struct loan_offer terms;

#define WORDS(class, a, b, c, d)                                                                   \
	((const uintptr_t[5]){(uintptr_t)(a), (uintptr_t)(b), (uintptr_t)(c), (uintptr_t)(d),      \
			      class})

static void tell(const char *name, uintptr_t address)
{
	printf("trace: at %s 0x%08x\n", name, (unsigned int)(address & ~(uintptr_t)1));
}

/* ---- the service ---- */

static void served(uint32_t handle, uint32_t length, uint32_t client, void *context)
{
	(void)client;
	(void)context;
	command_done(DRIVER_CONNECTION, ANSWER_NEXT, handle, length);
}

/* Not by loan_accept(), which asks who lends: here that is told. */
static void offered(uint32_t id, uint32_t lender, uint32_t length, void *context)
{
	(void)lender;
	(void)length;
	(void)context;
	if (command(DRIVER_LOAN, ACCEPT_LOAN, id, 0).variant == SYSCALL_SUCCESS_2_U32)
		loan_return(id);
}

static void news(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	struct command_return first = command(DRIVER_CONNECTION, NEWS, 0, 0);

	(void)arg0;
	(void)arg1;
	(void)arg2;
	(void)context;
	command_done(DRIVER_CONNECTION, ACCEPT, first.value[0], 0);
}

static void serve(void)
{
	allow_rw(DRIVER_CONNECTION, RW_REQUEST, (struct allowed){in, sizeof(in)}, NULL);
	allow_ro(DRIVER_CONNECTION, RO_ANSWER, (struct allowed_const){out, sizeof(out)}, NULL);
	subscribe(DRIVER_CONNECTION, ON_REQUEST, (struct subscription){served, NULL}, NULL);
	subscribe(DRIVER_CONNECTION, ON_NEWS, (struct subscription){news, NULL}, NULL);
	subscribe(DRIVER_LOAN, LOAN_OFFERED, (struct subscription){offered, NULL}, NULL);
	command_done(DRIVER_CONNECTION, READY, 0, 0);
	tell("served", (uintptr_t)served);
	tell("offered", (uintptr_t)offered);
	printf("trace: done\n");
	for (;;)
		yield();
}

/* ---- the client ---- */

static void answered(uint32_t status, uint32_t length, uint32_t handle, void *context)
{
	(void)length;
	(void)handle;
	(void)context;
	if (status == E_OK)
		answers = answers + 1;
}

static void ended(uint32_t id, uint32_t why, uint32_t arg2, void *context)
{
	(void)id;
	(void)arg2;
	(void)context;
	if (why == LOAN_RETURNED)
		answers = answers + 1;
}

static void times(op_function *operation, const uintptr_t words[5])
{
	for (uint32_t i = 0; i < CALLS; i++) {
		uint32_t before = answers;

		operation(words, 1);
		while (answers == before)
			yield();
	}
}

static uint32_t connect(void)
{
	for (;;) {
		struct command_return made = command(DRIVER_CONNECTION, BY_NAME, 0, 0);
		struct command_return heard;

		if (made.variant != SYSCALL_SUCCESS_U32) {
			(void)sleep_ms(1);
			continue;
		}
		do {
			(void)sleep_ms(1);
			heard = command(DRIVER_CONNECTION, NEWS, 0, 0);
		} while (heard.value[0] == 0);
		return heard.value[0];
	}
}

static void ask(void)
{
	uint32_t handle = connect();
	void *bytes = loan_alloc(LENT, NULL);

	if (!bytes) {
		printf("trace: no memory to lend\n");
		return;
	}
	terms = (struct loan_offer)LOAN_OFFER(bytes, LENT,
					      command(DRIVER_CONNECTION, PEER, handle, 0).value[0]);
	terms.flags = LOAN_WRITE | LOAN_EXCLUSIVE;
	allow_ro(DRIVER_CONNECTION, RO_OUT, (struct allowed_const){out, sizeof(out)}, NULL);
	allow_rw(DRIVER_CONNECTION, RW_IN, (struct allowed){in, sizeof(in)}, NULL);
	allow_ro(DRIVER_LOAN, 0, (struct allowed_const){&terms, sizeof(terms)}, NULL);
	subscribe(DRIVER_CONNECTION, ON_ANSWER, (struct subscription){answered, NULL}, NULL);
	subscribe(DRIVER_LOAN, LOAN_ENDED, (struct subscription){ended, NULL}, NULL);
	tell("request_empty", (uintptr_t)op_request_empty_trap);
	tell("request_short", (uintptr_t)op_request_short_trap);
	tell("request_long", (uintptr_t)op_request_long_trap);
	tell("offer", (uintptr_t)op_offer_trap);
	tell("answered", (uintptr_t)answered);
	tell("ended", (uintptr_t)ended);
	times(op_request_empty, WORDS(SYSCALL_COMMAND, DRIVER_CONNECTION, REQUEST, handle, 0));
	times(op_request_short, WORDS(SYSCALL_COMMAND, DRIVER_CONNECTION, REQUEST, handle, SHORT));
	times(op_request_long, WORDS(SYSCALL_COMMAND, DRIVER_CONNECTION, REQUEST, handle, LONG));
	times(op_offer, WORDS(SYSCALL_COMMAND, DRIVER_LOAN, OFFER, 0, 0));
	printf("trace: done\n");
}

int main(void)
{
	static const char name[] = "bench";

	allow_ro(DRIVER_CONNECTION, RO_NAME, (struct allowed_const){name, sizeof(name) - 1}, NULL);
	if (command_done(DRIVER_CONNECTION, LISTEN, 0, 0) == E_OK)
		serve();
	else
		ask();
	return 0;
}
