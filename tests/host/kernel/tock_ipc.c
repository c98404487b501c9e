/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Tock's drivers for processes that talk to each other: 0x10000, 0xA0000, 0xA0001 and 0xA0010. */
#include "host/host.h"
#include "kernel/loan.h"

#include <string.h>

enum { DISCOVER = 1, NOTIFY_SERVICE = 2, NOTIFY_CLIENT = 3 };
enum { NAME = 0x100, SHARED = 0x400, LENGTH = 64 };

static uint32_t slot_of(struct host_app *app)
{
	return host_process(app)->id.raw & 0xFF;
}

/* Puts a name where the driver is to read it. */
static void name_it(struct host_app *app, uint32_t driver, const char *name, size_t length)
{
	host_poke(app, host_ram(app, NAME), name, length);
	host_allow_ro(app, driver, 0, host_ram(app, NAME), (uint32_t)length);
}

static struct host_return discover(struct host_app *app, const char *name)
{
	name_it(app, DRIVER_TOCK_IPC, name, strlen(name));
	return host_command(app, DRIVER_TOCK_IPC, DISCOVER, 0, 0);
}

static enum error tried(struct host_return result)
{
	return result.r[0] == SYSCALL_FAILURE || result.r[0] == SYSCALL_FAILURE_U64
		       ? (enum error)result.r[1]
		       : E_OK;
}

static enum error notify_service(struct host_app *app, struct host_app *service)
{
	return tried(host_command(app, DRIVER_TOCK_IPC, NOTIFY_SERVICE, slot_of(service), 0));
}

static enum error notify_client(struct host_app *app, struct host_app *client)
{
	return tried(host_command(app, DRIVER_TOCK_IPC, NOTIFY_CLIENT, slot_of(client), 0));
}

static void listen_for(struct host_app *app, struct host_app *other)
{
	host_subscribe(app, DRIVER_TOCK_IPC, slot_of(other), host_flash(app, 0x100), 0);
}

static uint32_t share(struct host_app *app, struct host_app *other, uint32_t offset,
		      uint32_t length)
{
	return host_allow_rw(app, DRIVER_TOCK_IPC, slot_of(other), host_ram(app, offset), length)
		.r[0];
}

struct pair {
	struct host_app *client, *service;
};

static struct pair start(void)
{
	struct pair pair;

	host_board_start(NULL);
	pair.service = host_script_add("rot");
	pair.client = host_script_add("client");
	host_run();
	host_memop(pair.service, MEMOP_BRK, host_ram(pair.service, 0x800));
	host_memop(pair.client, MEMOP_BRK, host_ram(pair.client, 0x800));
	TEST_EQUAL(discover(pair.service, "rot").r[1], slot_of(pair.service));
	listen_for(pair.service, pair.service);
	TEST_EQUAL(discover(pair.client, "rot").r[1], slot_of(pair.service));
	listen_for(pair.client, pair.service);
	return pair;
}

/* The service's memory protection lets it write all of what the client shares, or not. */
static bool reaches(struct host_app *app, uint32_t address)
{
	const struct process *process = host_process(app);

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (address >= process->mpu.windows[i].start &&
		    address + LENGTH <= process->mpu.windows[i].end &&
		    process->mpu.windows[i].access == ARCH_READ_WRITE)
			return true;
	return false;
}

static bool got(struct host_app *app, struct host_app *from, uint32_t length, uint32_t start)
{
	struct host_return result = host_yield(app);

	return result.returned && result.upcall && result.r[0] == slot_of(from) &&
	       result.r[1] == length && result.r[2] == start;
}

HOST_TEST(a_buffer_is_in_reach_from_the_notice_to_the_end_of_sharing)
{
	struct pair pair = start();
	uint32_t buffer = host_ram(pair.client, SHARED);

	TEST_EQUAL(share(pair.client, pair.service, SHARED, LENGTH), SYSCALL_SUCCESS_2_U32);
	TEST_CHECK(!reaches(pair.service, buffer));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(reaches(pair.service, buffer));
	TEST_CHECK(got(pair.service, pair.client, LENGTH, buffer));
	TEST_EQUAL(notify_client(pair.service, pair.client), E_OK);
	TEST_CHECK(got(pair.client, pair.service, 0, 0));

	/* Again and again it is one loan. */
	for (uint32_t i = 0; i < 20; i++) {
		TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
		TEST_CHECK(got(pair.service, pair.client, LENGTH, buffer));
	}

	/* Another buffer takes its place, and then none. */
	share(pair.client, pair.service, SHARED + LENGTH, LENGTH);
	TEST_CHECK(!reaches(pair.service, buffer));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(reaches(pair.service, buffer + LENGTH));
	TEST_CHECK(got(pair.service, pair.client, LENGTH, buffer + LENGTH));
	share(pair.client, pair.service, SHARED, 0);
	TEST_CHECK(!reaches(pair.service, buffer + LENGTH));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(got(pair.service, pair.client, 0, 0));
	host_touch(pair.service, buffer + LENGTH);
	TEST_EQUAL(host_state(pair.service), PROCESS_FAULTED);
}

HOST_TEST(only_who_was_found_or_has_called_is_notified)
{
	struct pair pair = start();
	struct host_return result = discover(pair.client, "nobody");

	TEST_EQUAL(result.r[0], SYSCALL_FAILURE);
	TEST_EQUAL(result.r[1], E_NODEVICE);
	share(pair.service, pair.client, SHARED, LENGTH);
	TEST_EQUAL(notify_client(pair.service, pair.client), E_INVAL);
	TEST_CHECK(!reaches(pair.client, host_ram(pair.service, SHARED)));
	TEST_EQUAL(notify_service(pair.client, pair.client), E_INVAL);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_TOCK_IPC, NOTIFY_SERVICE, 7, 0)),
		   E_INVAL);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_TOCK_IPC, NOTIFY_SERVICE, 8, 0)),
		   E_INVAL);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_TOCK_IPC, NOTIFY_SERVICE, UINT32_MAX, 0)),
		   E_INVAL);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_TOCK_IPC, 4, 0, 0)), E_NOSUPPORT);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_EQUAL(notify_client(pair.service, pair.client), E_OK);
	TEST_CHECK(reaches(pair.client, host_ram(pair.service, SHARED)));
}

/* Tock 1993: what the hardware cannot express is refused, not shared in part. */
HOST_TEST(what_cannot_be_protected_is_refused)
{
	struct pair pair = start();

	share(pair.client, pair.service, SHARED + 1, LENGTH);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_SIZE);
	TEST_CHECK(!host_yield(pair.service).returned);
	share(pair.client, pair.service, SHARED, LENGTH);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(host_continue(pair.service).upcall);
}

static void end_of(struct pair *pair, bool client, bool restart)
{
	struct host_app *app = client ? pair->client : pair->service;

	share(pair->client, pair->service, SHARED, LENGTH);
	share(pair->service, pair->client, SHARED, LENGTH);
	TEST_EQUAL(notify_service(pair->client, pair->service), E_OK);
	TEST_EQUAL(notify_client(pair->service, pair->client), E_OK);
	TEST_CHECK(reaches(pair->service, host_ram(pair->client, SHARED)));
	TEST_CHECK(reaches(pair->client, host_ram(pair->service, SHARED)));
	if (restart)
		host_call(app, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
	else
		TEST_EQUAL(host_fault_it(app), E_OK);
	TEST_CHECK(!reaches(client ? pair->service : pair->client, host_ram(app, SHARED)));
}

/* Tock 4371: a restart leaves nothing in reach on either side. */
HOST_TEST(a_restart_of_the_client_leaves_nothing_behind)
{
	struct pair pair = start();

	end_of(&pair, true, true);
	TEST_CHECK(!reaches(pair.client, host_ram(pair.service, SHARED)));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_INVAL);
}

HOST_TEST(a_restart_of_the_service_leaves_nothing_behind)
{
	struct pair pair = start();

	end_of(&pair, false, true);
	TEST_CHECK(!reaches(pair.service, host_ram(pair.client, SHARED)));

	/* The application is the same, so that its next life can be notified once it takes part. */
	TEST_EQUAL(notify_service(pair.client, pair.service), E_INVAL);
	host_memop(pair.service, MEMOP_BRK, host_ram(pair.service, 0x800));
	TEST_EQUAL(discover(pair.service, "rot").r[1], slot_of(pair.service));
	listen_for(pair.service, pair.service);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(got(pair.service, pair.client, LENGTH, host_ram(pair.client, SHARED)));
}

HOST_TEST(a_crash_of_the_client_leaves_nothing_behind)
{
	struct pair pair = start();

	end_of(&pair, true, false);
	TEST_EQUAL(notify_client(pair.service, pair.client), E_INVAL);
}

HOST_TEST(a_crash_of_the_service_leaves_nothing_behind)
{
	struct pair pair = start();

	end_of(&pair, false, false);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_INVAL);
}

HOST_TEST(more_buffers_than_the_hardware_has_regions_for_are_refused)
{
	struct host_app *service, *clients[6];
	uint32_t in_reach = 0, refused = 0;

	host_board_start(NULL);
	service = host_script_add("rot");
	for (uint32_t i = 0; i < 6; i++)
		clients[i] = host_script_add("client");
	host_run();
	host_memop(service, MEMOP_BRK, host_ram(service, 0x800));
	TEST_EQUAL(discover(service, "rot").r[1], slot_of(service));
	listen_for(service, service);
	for (uint32_t i = 0; i < 6; i++) {
		enum error error;

		host_memop(clients[i], MEMOP_BRK, host_ram(clients[i], 0x800));
		discover(clients[i], "rot");
		share(clients[i], service, SHARED, LENGTH);
		error = notify_service(clients[i], service);
		TEST_CHECK(error == E_OK || error == E_RESERVE || error == E_BUSY);
		refused += error != E_OK;
		in_reach += reaches(service, host_ram(clients[i], SHARED));
	}
	TEST_EQUAL(in_reach, ARCH_WINDOWS);
	TEST_EQUAL(refused, 6 - ARCH_WINDOWS);

	/* The end of one makes room for another. */
	TEST_EQUAL(host_terminate(clients[0]), E_OK);
	TEST_EQUAL(notify_service(clients[5], service), E_OK);
	TEST_CHECK(reaches(service, host_ram(clients[5], SHARED)));
}

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
	struct pair pair = start();

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
	struct pair pair = start();

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
	struct pair pair = start();
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
	struct pair pair = start();
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

/* A loan in the slot of one that was shared is none that ends with sharing. */
HOST_TEST(sharing_anew_ends_no_loan_but_what_was_shared)
{
	struct pair pair = start();
	const uint32_t words[6] = {host_ram(pair.client, 0x600),
				   LENGTH,
				   host_process(pair.service)->id.raw,
				   0,
				   LOAN_TO_ANY,
				   0};

	host_poke(pair.client, host_ram(pair.client, OUT), words, sizeof(words));
	host_allow_ro(pair.client, DRIVER_LOAN, 0, host_ram(pair.client, OUT), sizeof(words));
	host_allow_ro(pair.service, DRIVER_LOAN, 0, host_ram(pair.service, OUT), sizeof(words));
	for (uint32_t i = 0; i < HOST_LOANS; i++) { /* shared once, from every slot */
		share(pair.client, pair.service, SHARED, LENGTH);
		TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
		TEST_CHECK(host_yield(pair.service).returned);
	}
	share(pair.client, pair.service, 0, 0);

	struct host_return made = host_command(pair.client, DRIVER_LOAN, 1, 0, 0);

	TEST_EQUAL(made.r[0], SYSCALL_SUCCESS_U32);
	share(pair.client, pair.service, SHARED, LENGTH);
	TEST_EQUAL(tried(host_command(pair.client, DRIVER_LOAN, 6, made.r[1], 0)), E_OK);
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

HOST_TEST(a_relay_takes_no_identifier_that_was_made_up)
{
	struct pair pair = start();
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
	struct pair pair = start();

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
	struct pair pair = start();

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
