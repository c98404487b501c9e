/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Tock's drivers 0xA0000, 0xA0001 and 0xA0010: registries, and a relay of requests. */
#include "kernel/loan.h"
#include "tock_pair.h"

#include <string.h>

enum { SHARED = 0x400, LENGTH = 64 };

/* ---- registries ---- */

enum { REGISTER = 1, FIND = 2 };

static enum error registry(struct host_app *app, uint32_t driver, uint32_t number, const char *name)
{
	char padded[20] = {0};
	size_t length = strlen(name);

	if (driver == DRIVER_STRING_REGISTRY) {
		memcpy(padded, name, length < sizeof(padded) ? length : sizeof(padded));
		name_it(app, driver, padded, sizeof(padded));
	} else {
		name_it(app, driver, name, length);
	}
	return tried(host_command(app, driver, number, 0, 0));
}

static bool found(struct host_app *app, uint32_t driver, struct host_app *service)
{
	struct host_return result = host_yield_for(app, driver, 1);

	if (service == NULL)
		return result.returned && result.r[0] == E_NODEVICE && result.r[1] == 0;
	return result.returned && result.r[0] == E_OK &&
	       result.r[1] == host_process(service)->id.raw && result.r[2] == 0;
}

HOST_TEST(a_service_is_found_by_the_name_that_it_registered)
{
	const uint32_t driver = DRIVER_STRING_REGISTRY;
	struct pair pair = pair_start();

	TEST_EQUAL(registry(pair.client, driver, FIND, "maths"), E_OK);
	TEST_CHECK(found(pair.client, driver, NULL));
	TEST_EQUAL(registry(pair.service, driver, REGISTER, "maths"), E_OK);
	TEST_CHECK(host_yield_for(pair.service, driver, 0).returned);
	TEST_EQUAL(registry(pair.client, driver, REGISTER, "maths"), E_ALREADY);
	TEST_EQUAL(registry(pair.client, driver, FIND, "maths"), E_OK);
	TEST_CHECK(found(pair.client, driver, pair.service));
	TEST_EQUAL(registry(pair.service, driver, FIND, "maths"), E_OK);
	TEST_CHECK(found(pair.service, driver, NULL)); /* not itself */
	TEST_EQUAL(registry(pair.client, driver, FIND, ""), E_INVAL);
	TEST_EQUAL(registry(pair.client, driver, REGISTER, ""), E_INVAL);
	name_it(pair.client, driver, "maths", 5);
	TEST_EQUAL(tried(host_command(pair.client, driver, FIND, 0, 0)), E_SIZE);
	TEST_EQUAL(tried(host_command(pair.client, driver, 3, 0, 0)), E_NOSUPPORT);
	TEST_EQUAL(host_terminate(pair.service), E_OK);
	TEST_EQUAL(registry(pair.client, driver, FIND, "maths"), E_OK);
	TEST_CHECK(found(pair.client, driver, NULL));
	TEST_EQUAL(registry(pair.client, driver, REGISTER, "maths"), E_OK);
}

HOST_TEST(a_service_that_registered_is_found_by_its_package_name)
{
	const uint32_t driver = DRIVER_PACKAGE_REGISTRY;
	struct pair pair = pair_start();

	TEST_EQUAL(registry(pair.client, driver, FIND, "rot"), E_OK);
	TEST_CHECK(found(pair.client, driver, NULL));
	TEST_EQUAL(tried(host_command(pair.service, driver, REGISTER, 0, 0)), E_OK);
	TEST_EQUAL(registry(pair.client, driver, FIND, "rot"), E_OK);
	TEST_CHECK(found(pair.client, driver, pair.service));
	TEST_EQUAL(registry(pair.client, driver, FIND, "ro"), E_OK);
	TEST_CHECK(found(pair.client, driver, NULL));
	host_call(pair.service, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	TEST_EQUAL(registry(pair.client, driver, FIND, "rot"), E_OK);
	TEST_CHECK(found(pair.client, driver, NULL));
}

/* ---- relay ---- */

enum { SEND = 0x10, CANCEL = 0x11, ENABLE = 0x20, DISABLE, GET_ANY, GET_FROM, RESPOND };
enum { OUT = 0x500, IN = 0x600 };

static struct host_return relay(struct host_app *app, uint32_t number, struct host_app *other)
{
	return host_command(app, DRIVER_RELAY, number,
			    other == NULL ? 0 : host_process(other)->id.raw, 0);
}

static void relay_share(struct host_app *app, const char *text, uint32_t room)
{
	host_poke(app, host_ram(app, OUT), text, strlen(text));
	host_allow_ro(app, DRIVER_RELAY, 0, host_ram(app, OUT), (uint32_t)strlen(text));
	host_allow_rw(app, DRIVER_RELAY, 0, host_ram(app, IN), room);
}

static bool has(struct host_app *app, const char *text)
{
	char there[32];

	host_peek(app, host_ram(app, IN), there, strlen(text));
	return memcmp(there, text, strlen(text)) == 0;
}

static bool answered(struct host_app *app, enum error status, uint32_t length)
{
	struct host_return result = host_yield_for(app, DRIVER_RELAY, 0);

	return result.returned && result.r[0] == status && result.r[1] == length;
}

HOST_TEST(a_relay_copies_a_request_and_its_answer)
{
	struct pair pair = pair_start();
	struct host_return result;

	relay_share(pair.client, "question", 32);
	relay_share(pair.service, "answer", 32);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_UNINSTALLED);
	TEST_EQUAL(tried(relay(pair.service, ENABLE, NULL)), E_OK);
	TEST_EQUAL(tried(relay(pair.service, GET_ANY, NULL)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_ALREADY);
	result = host_yield_for(pair.service, DRIVER_RELAY, 1);
	TEST_CHECK(result.returned && result.r[0] == host_process(pair.client)->id.raw);
	result = relay(pair.service, GET_ANY, NULL);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32_U64);
	TEST_EQUAL(result.r[1], 8);
	TEST_EQUAL(result.r[2], host_process(pair.client)->id.raw);
	TEST_CHECK(has(pair.service, "question"));
	TEST_EQUAL(tried(relay(pair.service, GET_ANY, NULL)), E_ALREADY);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_OK, 6));
	TEST_CHECK(has(pair.client, "answer"));
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_INVAL);
}

HOST_TEST(a_relay_says_what_did_not_fit)
{
	struct pair pair = pair_start();
	struct host_return result;

	relay_share(pair.client, "question", 3);
	relay_share(pair.service, "answer", 4);
	relay(pair.service, ENABLE, NULL);
	relay(pair.client, SEND, pair.service);
	result = relay(pair.service, GET_FROM, pair.client);
	TEST_EQUAL(result.r[0], SYSCALL_FAILURE_U64);
	TEST_EQUAL(result.r[1], E_SIZE);
	TEST_EQUAL(result.r[2], host_process(pair.client)->id.raw);
	TEST_CHECK(has(pair.service, "ques"));
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_SIZE, 3));
}

/* What the first one wants to send is out of its own reach: it lent that exclusively. */
HOST_TEST(a_relay_serves_the_others_where_one_client_cannot_be_read)
{
	struct pair pair;
	struct host_app *other;
	struct host_return result;
	uint32_t words[6] = {0, LENGTH, 0, LOAN_WRITE | LOAN_EXCLUSIVE, LOAN_TO_ANY, 0};

	host_board_start(NULL);
	pair.client = host_script_add("client");
	other = host_script_add("other");
	pair.service = host_script_add("server");
	host_run();
	host_memop(pair.client, MEMOP_BRK, host_ram(pair.client, 0x800));
	host_memop(other, MEMOP_BRK, host_ram(other, 0x800));
	host_memop(pair.service, MEMOP_BRK, host_ram(pair.service, 0x800));
	words[0] = host_ram(pair.client, SHARED);
	words[2] = host_process(other)->id.raw;
	host_allow_ro(other, DRIVER_LOAN, 0, host_ram(other, OUT), 24);
	relay_share(other, "question", 32);
	relay_share(pair.service, "answer", 32);
	relay(pair.service, ENABLE, NULL);
	host_poke(pair.client, host_ram(pair.client, OUT), words, sizeof(words));
	host_allow_ro(pair.client, DRIVER_LOAN, 0, host_ram(pair.client, OUT), 24);
	host_allow_ro(pair.client, DRIVER_RELAY, 0, host_ram(pair.client, SHARED), 8);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(relay(other, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_LOAN, 1, 0, 0)), E_OK);
	result = relay(pair.service, GET_ANY, NULL);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32_U64);
	TEST_EQUAL(result.r[2], host_process(other)->id.raw);
	result = host_yield_for(pair.client, DRIVER_RELAY, 0);
	TEST_CHECK(result.returned && result.r[0] != E_OK);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_OK);
	TEST_CHECK(host_yield_for(other, DRIVER_RELAY, 0).returned);
	TEST_EQUAL(tried(relay(pair.service, GET_ANY, NULL)), E_NODEVICE);
}

HOST_TEST(a_server_that_disables_itself_still_gets_the_answer_to_what_it_asked)
{
	struct pair pair = pair_start();

	relay_share(pair.client, "question", 32);
	relay_share(pair.service, "answer", 32);
	relay(pair.service, ENABLE, NULL);
	relay(pair.client, ENABLE, NULL);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(relay(pair.client, DISABLE, NULL)), E_OK);
	TEST_EQUAL(relay(pair.service, GET_ANY, NULL).r[0], SYSCALL_SUCCESS_U32_U64);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_OK, 6));
}

HOST_TEST(a_relay_takes_no_identifier_that_was_made_up)
{
	struct pair pair = pair_start();
	uint32_t id = host_process(pair.service)->id.raw;

	relay(pair.service, ENABLE, NULL);
	TEST_EQUAL(tried(relay(pair.client, SEND, NULL)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.client)), E_NODEVICE);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_RELAY, SEND, id, 1)), E_NODEVICE);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_RELAY, SEND, id + 0x100, 0)), E_NODEVICE);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_RELAY, SEND, UINT32_MAX, 0)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.service, GET_FROM, pair.client)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.client, CANCEL, NULL)), E_INVAL);
	TEST_EQUAL(tried(relay(pair.client, 1, NULL)), E_NOSUPPORT);
	host_call(pair.service, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	relay(pair.service, ENABLE, NULL);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_RELAY, SEND, id, 0)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
}

/* The client has asked; with `served`, the server is at work on it. */
static struct pair asked(bool served)
{
	struct pair pair = pair_start();

	relay_share(pair.client, "question", 32);
	relay(pair.service, ENABLE, NULL);
	relay(pair.client, SEND, pair.service);
	if (served)
		relay(pair.service, GET_ANY, NULL);
	return pair;
}

HOST_TEST(a_client_of_a_relay_hears_that_its_server_crashed_before_it_began)
{
	struct pair pair = asked(false);

	TEST_EQUAL(host_fault_it(pair.service), E_OK);
	TEST_CHECK(answered(pair.client, E_UNINSTALLED, 0));
}

HOST_TEST(a_client_of_a_relay_hears_that_its_server_restarted_at_work)
{
	struct pair pair = asked(true);

	host_call(pair.service, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	TEST_CHECK(answered(pair.client, E_UNINSTALLED, 0));
	relay(pair.service, ENABLE, NULL);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
}

HOST_TEST(a_client_of_a_relay_hears_that_its_server_wants_no_more)
{
	struct pair pair = asked(true);

	TEST_EQUAL(tried(relay(pair.service, DISABLE, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_UNINSTALLED, 0));
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_INVAL);
}

HOST_TEST(a_server_of_a_relay_goes_on_when_its_client_is_gone)
{
	struct pair pair = pair_start();

	relay_share(pair.client, "question", 32);
	relay(pair.service, ENABLE, NULL);
	relay(pair.client, SEND, pair.service);
	relay(pair.service, GET_ANY, NULL);
	host_call(pair.client, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_NODEVICE);
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(relay(pair.client, CANCEL, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_CANCEL, 0));
	TEST_EQUAL(tried(relay(pair.service, GET_ANY, NULL)), E_NODEVICE);
}

/* The server has not seen what was asked since. */
HOST_TEST(a_late_answer_to_a_cancelled_request_goes_to_no_other)
{
	struct pair pair = asked(true);

	relay_share(pair.service, "answer", 32);
	TEST_EQUAL(tried(relay(pair.client, CANCEL, NULL)), E_OK);
	TEST_CHECK(answered(pair.client, E_CANCEL, 0));
	TEST_EQUAL(tried(relay(pair.client, SEND, pair.service)), E_OK);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_NODEVICE);
	TEST_CHECK(!host_yield_for(pair.client, DRIVER_RELAY, 0).returned);
	TEST_EQUAL(relay(pair.service, GET_ANY, NULL).r[0], SYSCALL_SUCCESS_U32_U64);
	TEST_EQUAL(tried(relay(pair.service, RESPOND, NULL)), E_OK);
}

HOST_TEST(clients_of_a_relay_take_turns)
{
	struct host_app *server, *clients[3];
	uint32_t last = 0;

	host_board_start(NULL);
	server = host_script_add("server");
	for (uint32_t i = 0; i < 3; i++)
		clients[i] = host_script_add("client");
	host_run();
	relay(server, ENABLE, NULL);
	for (uint32_t i = 0; i < 3; i++)
		TEST_EQUAL(tried(relay(clients[i], SEND, server)), E_OK);
	for (uint32_t i = 0; i < 9; i++) {
		struct host_return result = relay(server, GET_ANY, NULL);

		TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32_U64);
		TEST_CHECK(result.r[2] != last);
		last = result.r[2];
		TEST_EQUAL(tried(relay(server, RESPOND, NULL)), E_OK);
		for (uint32_t k = 0; k < 3; k++)
			if (host_process(clients[k])->id.raw == last)
				TEST_EQUAL(tried(relay(clients[k], SEND, server)), E_OK);
		TEST_CHECK(host_yield_for(server, DRIVER_RELAY, 1).returned);
	}
}
