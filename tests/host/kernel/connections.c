/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Connections between processes: the protocol, and all that either side can do to the other. */
#include "host/host.h"
#include "trusted/board.h"

#include <string.h>

enum command_number {
	LISTEN = 1,
	SILENT,
	BY_NAME,
	BY_IDENTITY,
	PEER,
	IDENTITY,
	ACCEPT,
	CLOSE,
	NEWS,
	REQUEST,
	CANCEL,
	READY,
	ANSWER,
	ANSWER_NEXT,
};

enum { CLAIMED = 0x100 };
enum { UPCALL_REQUEST = 4, UPCALL_NEWS = 5 };
enum { ALLOW_NAME = 0, ALLOW_OUT = 1, ALLOW_ANSWER = 5 };
enum { ALLOW_IN = 0, ALLOW_REQUEST = 4 };
enum { OFFERED = 1, OPEN, WAITS, SERVED, ABANDONED, ENDED };
enum { CLOSED = 1 << 8, DIED = 2 << 8 };

/* In an application's RAM. */
enum { NAME = 0x100, OUT = 0x200, IN = 0x300, ROOM = 64 };

static struct host_return call(struct host_app *app, uint32_t number, uint32_t first,
			       uint32_t second)
{
	return host_command(app, DRIVER_CONNECTION, number, first, second);
}

/* E_OK for every success. */
static enum error tried(struct host_app *app, uint32_t number, uint32_t first, uint32_t second)
{
	struct host_return result = call(app, number, first, second);

	return result.r[0] == SYSCALL_FAILURE ? (enum error)result.r[1] : E_OK;
}

static enum error listen_as(struct host_app *app, const char *name)
{
	host_poke(app, host_ram(app, NAME), name, strlen(name));
	host_allow_ro(app, DRIVER_CONNECTION, ALLOW_NAME, host_ram(app, NAME),
		      (uint32_t)strlen(name));
	return tried(app, LISTEN, 0, 0);
}

static struct host_return connect_to(struct host_app *app, const char *name, uint32_t channel)
{
	host_poke(app, host_ram(app, NAME), name, strlen(name));
	host_allow_ro(app, DRIVER_CONNECTION, ALLOW_NAME, host_ram(app, NAME),
		      (uint32_t)strlen(name));
	return call(app, BY_NAME, channel, 0);
}

static void share(struct host_app *app, uint32_t out, uint32_t in)
{
	host_allow_ro(app, DRIVER_CONNECTION, out, host_ram(app, OUT), ROOM);
	host_allow_rw(app, DRIVER_CONNECTION, in, host_ram(app, IN), ROOM);
}

static void become_service(struct host_app *app, const char *name)
{
	host_memop(app, MEMOP_BRK, host_ram(app, 0x400));
	TEST_EQUAL(listen_as(app, name), E_OK);
	share(app, ALLOW_ANSWER, ALLOW_REQUEST);
	TEST_EQUAL(tried(app, READY, 0, 0), E_OK);
}

static void become_client(struct host_app *app)
{
	host_memop(app, MEMOP_BRK, host_ram(app, 0x400));
	for (uint32_t i = 0; i < 4; i++)
		share(app, ALLOW_OUT + i, ALLOW_IN + i);
}

/* What the process hears next: the state in the low byte, why in the next. */
static uint32_t heard(struct host_app *app, uint32_t handle)
{
	struct host_return result = call(app, NEWS, 0, 0);

	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(result.r[1], handle);
	return result.r[2];
}

static uint32_t connected(struct host_app *client, struct host_app *service, const char *name)
{
	struct host_return result = connect_to(client, name, 0);

	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(heard(service, result.r[1]), OFFERED);
	TEST_EQUAL(tried(service, ACCEPT, result.r[1], 0), E_OK);
	TEST_EQUAL(heard(client, result.r[1]), OPEN);
	return result.r[1];
}

static void say(struct host_app *app, const char *text)
{
	host_poke(app, host_ram(app, OUT), text, strlen(text));
}

static bool got(struct host_app *app, const char *text)
{
	char there[ROOM];

	host_peek(app, host_ram(app, IN), there, strlen(text));
	return memcmp(there, text, strlen(text)) == 0;
}

/* The upcall came, and with these arguments. */
static bool waited(struct host_app *app, uint32_t number, uint32_t first, uint32_t second)
{
	struct host_return result = host_yield_for(app, DRIVER_CONNECTION, number);

	return result.returned && result.r[0] == first && result.r[1] == second;
}

struct pair {
	struct host_app *client, *service;
	uint32_t handle;
};

static struct pair strangers(void)
{
	struct pair pair;

	host_board_start(NULL);
	pair.service = host_script_add("echo");
	pair.client = host_script_add("client");
	host_run();
	become_service(pair.service, "echo");
	become_client(pair.client);
	pair.handle = 0;
	return pair;
}

static struct pair start(void)
{
	struct pair pair = strangers();

	pair.handle = connected(pair.client, pair.service, "echo");
	return pair;
}

HOST_TEST(a_request_is_answered)
{
	struct pair pair = start();

	for (uint32_t i = 0; i < 3; i++) {
		say(pair.client, "question");
		TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 8), E_OK);
		TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 8));
		TEST_CHECK(got(pair.service, "question"));
		say(pair.service, "answer");
		TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, 6), E_OK);
		TEST_CHECK(waited(pair.client, 0, E_OK, 6));
		TEST_CHECK(got(pair.client, "answer"));
	}
}

HOST_TEST(an_answer_that_does_not_fit_is_an_error_of_the_client)
{
	struct pair pair = start();

	host_allow_rw(pair.client, DRIVER_CONNECTION, ALLOW_IN, host_ram(pair.client, IN), 4);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 0), E_OK);
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, ROOM + 1), E_SIZE);
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 5), E_OK);
	TEST_CHECK(waited(pair.client, 0, E_SIZE, 0));
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 5), E_ALREADY);
}

HOST_TEST(a_request_that_does_not_fit_is_refused)
{
	struct pair pair = start();

	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, ROOM + 1), E_SIZE);
	host_allow_rw(pair.service, DRIVER_CONNECTION, ALLOW_REQUEST, host_ram(pair.service, IN),
		      4);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 5), E_SIZE);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 4), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 4));

	/* One that waited, and is too long when its turn comes. */
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 0), E_OK);
	TEST_CHECK(waited(pair.client, 0, E_OK, 0));
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 8), E_OK);
	TEST_EQUAL(tried(pair.service, READY, 0, 0), E_OK);
	TEST_CHECK(waited(pair.client, 0, E_SIZE, 0));
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 3), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 3));
}

/* start(), with another client that is not connected. */
static struct pair start_with(struct host_app **other)
{
	struct pair pair;

	host_board_start(NULL);
	pair.service = host_script_add("echo");
	pair.client = host_script_add("client");
	*other = host_script_add("other");
	host_run();
	become_service(pair.service, "echo");
	become_client(pair.client);
	become_client(*other);
	pair.handle = connected(pair.client, pair.service, "echo");
	return pair;
}

HOST_TEST(handles_are_good_for_their_two_processes_only)
{
	struct host_app *thief;
	struct pair pair = start_with(&thief);
	uint32_t handle = pair.handle;

	TEST_EQUAL(tried(pair.client, REQUEST, handle, 4), E_OK);

	/* A thief with the very number, and every number near it. */
	for (uint32_t number = PEER; number <= ANSWER_NEXT; number++)
		if (number != NEWS && number != READY)
			TEST_EQUAL(tried(thief, number, handle, 0), E_INVAL);
	for (uint32_t i = 0; i < 0x400; i++)
		TEST_CHECK(tried(thief, CLOSE, i, 0) == E_INVAL);
	TEST_EQUAL(tried(thief, ANSWER, 0xFFFFFFFF, 0), E_INVAL);
	TEST_EQUAL(heard(thief, 0), 0);

	/* Each side has its own part. */
	TEST_EQUAL(tried(pair.client, ANSWER, handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.client, ACCEPT, handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, REQUEST, handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, CANCEL, handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, ACCEPT, handle, 0), E_ALREADY);
	TEST_EQUAL(tried(pair.service, ANSWER, handle, 0), E_OK);
	TEST_CHECK(waited(pair.client, 0, E_OK, 0));
}

HOST_TEST(an_old_handle_reaches_nothing)
{
	struct pair pair = start();
	uint32_t old = pair.handle, fresh;

	TEST_EQUAL(connect_to(pair.client, "echo", 0).r[1], E_ALREADY);
	TEST_EQUAL(tried(pair.client, CLOSE, old, 0), E_OK);
	TEST_EQUAL(tried(pair.client, REQUEST, old, 0), E_UNINSTALLED);
	TEST_EQUAL(heard(pair.service, old), ENDED | CLOSED);
	fresh = connected(pair.client, pair.service, "echo");
	TEST_CHECK(fresh != old);
	TEST_EQUAL(tried(pair.client, REQUEST, old, 0), E_INVAL);
	TEST_EQUAL(tried(pair.client, REQUEST, fresh, 0), E_OK);
	TEST_EQUAL(tried(pair.service, ANSWER, old, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, CLOSE, old, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, ANSWER, fresh, 0), E_OK);
}

/* The client asks, leaves and comes back before the answer: its handle is another one now. */
HOST_TEST(an_answer_to_a_client_that_left_does_not_stop_the_service)
{
	struct host_app *other;
	struct pair pair = start_with(&other);
	uint32_t handle = connected(other, pair.service, "echo"), fresh;

	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 1), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 1));
	TEST_EQUAL(tried(pair.client, CLOSE, pair.handle, 0), E_OK);
	fresh = connect_to(pair.client, "echo", 0).r[1];
	TEST_CHECK(fresh != pair.handle);
	TEST_EQUAL(tried(other, REQUEST, handle, 2), E_OK); /* waits */
	TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, ROOM + 1), E_INVAL);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, handle, 2));
	TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, ANSWER, handle, 0), E_OK);
	TEST_CHECK(waited(other, 0, E_OK, 0));
	TEST_EQUAL(tried(other, REQUEST, handle, 3), E_OK); /* the service was ready */
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, handle, 3));
}

HOST_TEST(a_name_has_one_holder)
{
	struct host_app *first, *second;

	host_board_start(NULL);
	first = host_script_add("first");
	second = host_script_add("second");
	host_run();
	host_memop(first, MEMOP_BRK, host_ram(first, 0x400));
	host_memop(second, MEMOP_BRK, host_ram(second, 0x400));
	TEST_EQUAL(listen_as(first, "clock"), E_OK);
	TEST_EQUAL(listen_as(first, "clock"), E_OK);
	TEST_EQUAL(listen_as(second, "clock"), E_ALREADY);
	TEST_EQUAL(listen_as(second, "clocks"), E_OK);
	TEST_EQUAL(listen_as(second, "a name that is much too long for it"), E_SIZE);
	TEST_EQUAL(connect_to(second, "clocks", 0).r[1], E_INVAL); /* itself */
	TEST_EQUAL(connect_to(second, "cloc", 0).r[1], E_NODEVICE);
	TEST_EQUAL(connect_to(second, "clock", 4).r[1], E_INVAL);
	TEST_EQUAL(connect_to(second, "clock", 3).r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(tried(first, SILENT, 0, 0), E_OK);
	TEST_EQUAL(connect_to(second, "clock", 1).r[1], E_NODEVICE);
	TEST_EQUAL(listen_as(second, "clock"), E_OK);
	TEST_EQUAL(listen_as(first, "clock"), E_ALREADY);
	host_terminate(second);
	TEST_EQUAL(listen_as(first, "clock"), E_OK);
}

HOST_TEST(an_identity_must_have_been_checked_or_asked_for_as_a_claim)
{
	struct host_image_options options = {.name = "vault", .short_id = 0x1234};
	struct host_app *client, *vault;
	struct host_return result;

	host_board_start(NULL);
	vault = host_script_add_image(&options);
	client = host_script_add("client");
	host_run();
	TEST_EQUAL(tried(client, BY_IDENTITY, CLAIMED, 0x1234),
		   E_NODEVICE); /* it does not listen */
	TEST_EQUAL(tried(vault, LISTEN, 0, 0), E_OK);
	TEST_EQUAL(tried(client, BY_IDENTITY, 0, 0x1234), E_NODEVICE);
	TEST_EQUAL(tried(client, BY_IDENTITY, CLAIMED, 0x1235), E_NODEVICE);
	TEST_EQUAL(tried(client, BY_IDENTITY, CLAIMED, 0), E_NODEVICE);
	TEST_EQUAL(tried(client, BY_IDENTITY, CLAIMED | 4, 0x1234), E_INVAL);
	result = call(client, BY_IDENTITY, CLAIMED | 2, 0x1234);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);

	struct host_return other = call(client, PEER, result.r[1], 0);

	TEST_EQUAL(other.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(other.r[1], host_process(vault)->id.raw);
	TEST_EQUAL(other.r[2], 0x1234);
	TEST_EQUAL(call(vault, PEER, result.r[1], 0).r[1], host_process(client)->id.raw);
	TEST_EQUAL(call(client, IDENTITY, result.r[1], 0).r[1], 0xFF00); /* no credential, no key */
}

/* Who only claims the identity is not in the way of who has it. */
HOST_TEST(a_checked_identity_is_found_behind_a_claimed_one)
{
	struct host_image_options options = {.name = "claims", .short_id = 0x1234};
	struct host_app *client, *claims, *has;
	struct host_return result;

	host_board_start(NULL);
	claims = host_script_add_image(&options);
	options.name = "has";
	has = host_script_add_image(&options);
	client = host_script_add("client");
	host_run();
	board.processes[process_id_slot(host_process(has)->id)].identity.credential = 1;
	TEST_EQUAL(tried(claims, LISTEN, 0, 0), E_OK);
	TEST_EQUAL(tried(has, LISTEN, 0, 0), E_OK);
	result = call(client, BY_IDENTITY, 0, 0x1234);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(call(client, PEER, result.r[1], 0).r[1], host_process(has)->id.raw);
}

HOST_TEST(a_flood_does_not_keep_others_from_their_turn)
{
	struct host_app *service, *flood, *quiet;
	uint32_t handles[4], handle, served = 0;

	host_board_start(NULL);
	flood = host_script_add("flood");
	quiet = host_script_add("quiet");
	service = host_script_add("echo");
	host_run();
	become_service(service, "echo");
	become_client(flood);
	become_client(quiet);
	for (uint32_t i = 0; i < 4; i++) {
		handles[i] = connect_to(flood, "echo", i).r[1];
		TEST_EQUAL(heard(service, handles[i]), OFFERED);
		TEST_EQUAL(tried(service, ACCEPT, handles[i], 0), E_OK);
	}
	TEST_EQUAL(connect_to(flood, "echo", 4).r[1], E_INVAL);
	handle = connected(quiet, service, "echo");
	for (uint32_t i = 0; i < 4; i++) {
		TEST_EQUAL(tried(flood, REQUEST, handles[i], 1), E_OK);
		TEST_EQUAL(tried(flood, REQUEST, handles[i], 1), E_BUSY);
	}
	TEST_EQUAL(tried(quiet, REQUEST, handle, 2), E_OK);

	/* The flood asks again as soon as it is answered; the other one is the fifth at the latest. */
	for (;;) {
		struct host_return result =
			host_yield_for(service, DRIVER_CONNECTION, UPCALL_REQUEST);

		TEST_CHECK(result.returned && served++ < 5);
		TEST_EQUAL(tried(service, ANSWER_NEXT, result.r[0], 0), E_OK);
		if (result.r[0] == handle || served > 5)
			break;
		TEST_EQUAL(tried(flood, REQUEST, result.r[0], 1), E_OK);
	}
	TEST_CHECK(waited(quiet, 0, E_OK, 0));

	/* Closing and connecting without end leaves the service one upcall, not more. */
	for (uint32_t i = 0; i < 200; i++) {
		TEST_EQUAL(tried(flood, CLOSE, handles[3], 0), E_OK);
		handles[3] = connect_to(flood, "echo", 3).r[1];
	}
	TEST_EQUAL(host_info(service).upcalls_dropped, 0);
	TEST_CHECK(host_info(service).upcalls_pending <= 2);
	TEST_EQUAL(heard(service, handles[3]), OFFERED);
	TEST_EQUAL(heard(service, 0), 0);
}

HOST_TEST(a_cancelled_request_is_not_answered)
{
	struct pair pair = start();

	TEST_EQUAL(tried(pair.client, CANCEL, pair.handle, 0), E_ALREADY);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 1), E_OK);
	TEST_EQUAL(tried(pair.client, CANCEL, pair.handle, 0), E_OK);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 1), E_BUSY);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 1));
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 0), E_CANCEL);

	/* One that waits is gone at once. */
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 1), E_OK);
	TEST_EQUAL(tried(pair.client, CANCEL, pair.handle, 0), E_OK);
	TEST_EQUAL(tried(pair.service, READY, 0, 0), E_OK);
	TEST_CHECK(!host_yield_for(pair.service, DRIVER_CONNECTION, UPCALL_REQUEST).returned);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 3), E_OK);
	TEST_CHECK(host_continue(pair.service).returned);
}

HOST_TEST(a_service_that_is_not_done_with_one_request_loses_none)
{
	struct pair pair = start();

	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 1), E_OK);
	TEST_EQUAL(tried(pair.service, READY, 0, 0), E_ALREADY);
	TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, 0), E_ALREADY);
	TEST_CHECK(waited(pair.client, 0, E_OK, 0));
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 2), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 1));
	TEST_EQUAL(tried(pair.service, READY, 0, 0), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 2));
}

/* ---- either side ends at every step ---- */

enum { AT_OFFER, AT_OPEN, AT_WAIT, AT_SERVED, AT_ABANDONED, AT_ANSWERED };
enum { ENDS, RESTARTS, FAULTS };

static struct pair walk_to(uint32_t step)
{
	struct pair pair = strangers();

	pair.handle = connect_to(pair.client, "echo", 0).r[1];
	TEST_EQUAL(heard(pair.service, pair.handle), OFFERED);
	if (step == AT_OFFER)
		return pair;
	TEST_EQUAL(tried(pair.service, ACCEPT, pair.handle, 0), E_OK);
	TEST_EQUAL(heard(pair.client, pair.handle), OPEN);
	if (step == AT_OPEN)
		return pair;
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 4), E_OK);
	if (step == AT_WAIT) {
		TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 0), E_OK);
		TEST_CHECK(waited(pair.client, 0, E_OK, 0));
		TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 4), E_OK);
	}
	if (step == AT_ABANDONED)
		TEST_EQUAL(tried(pair.client, CANCEL, pair.handle, 0), E_OK);
	if (step == AT_ANSWERED)
		TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, 1), E_ALREADY);
	return pair;
}

static void finish(struct host_app *app, uint32_t way)
{
	if (way == ENDS)
		TEST_EQUAL(host_terminate(app), E_OK);
	else if (way == FAULTS)
		host_touch(app, 0x10);
	else
		host_call(app, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	if (way != RESTARTS)
		TEST_EQUAL(host_boot(app), E_OK);
	host_run();
}

static void client_ends(uint32_t step, uint32_t way)
{
	struct pair pair = walk_to(step);
	uint32_t fresh;

	finish(pair.client, way);
	TEST_EQUAL(heard(pair.service, pair.handle), ENDED | DIED);
	TEST_EQUAL(tried(pair.service, ANSWER_NEXT, pair.handle, 1), E_UNINSTALLED);
	TEST_EQUAL(tried(pair.service, ACCEPT, pair.handle, 0), E_UNINSTALLED);

	/* Nothing is left of it to its next life, and that one is served. */
	TEST_EQUAL(heard(pair.client, 0), 0);
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 0), E_INVAL);
	become_client(pair.client);
	fresh = connected(pair.client, pair.service, "echo");
	TEST_CHECK(fresh != pair.handle);
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 1), E_INVAL);
	TEST_EQUAL(tried(pair.client, REQUEST, fresh, 4), E_OK);
}

static void service_ends(uint32_t step, uint32_t way)
{
	struct pair pair = walk_to(step);
	bool asked = step == AT_WAIT || step == AT_SERVED;

	finish(pair.service, way);
	TEST_EQUAL(heard(pair.client, pair.handle), ENDED | DIED);
	if (asked)
		TEST_CHECK(waited(pair.client, 0, E_UNINSTALLED, 0));
	else if (step == AT_ANSWERED)
		TEST_CHECK(waited(pair.client, 0, E_OK, 1));
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 0), E_UNINSTALLED);
	TEST_EQUAL(tried(pair.service, ANSWER, pair.handle, 0), E_INVAL);
	TEST_EQUAL(tried(pair.service, CLOSE, pair.handle, 0), E_INVAL);
	TEST_EQUAL(heard(pair.service, 0), 0);

	/* Its next life does not listen before it says so, and then serves this client. */
	TEST_EQUAL(connect_to(pair.client, "echo", 1).r[1], E_NODEVICE);
	become_service(pair.service, "echo");
	pair.handle = connected(pair.client, pair.service, "echo");
	TEST_EQUAL(tried(pair.client, REQUEST, pair.handle, 4), E_OK);
	TEST_CHECK(waited(pair.service, UPCALL_REQUEST, pair.handle, 4));
}

#define END_TEST(who, does, way, step)                                                             \
	HOST_TEST(who##_##does##_at_##step)                                                        \
	{                                                                                          \
		who##_ends(step, way);                                                             \
	}
#define EITHER_ENDS(step)                                                                          \
	END_TEST(client, ends, ENDS, step)                                                         \
	END_TEST(client, restarts, RESTARTS, step)                                                 \
	END_TEST(client, faults, FAULTS, step)                                                     \
	END_TEST(service, ends, ENDS, step)                                                        \
	END_TEST(service, restarts, RESTARTS, step)                                                \
	END_TEST(service, faults, FAULTS, step)

EITHER_ENDS(AT_OFFER)
EITHER_ENDS(AT_OPEN)
EITHER_ENDS(AT_WAIT)
EITHER_ENDS(AT_SERVED)
EITHER_ENDS(AT_ABANDONED)
EITHER_ENDS(AT_ANSWERED)
