/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Tock's driver 0x10000: notices with a shared buffer. */
#include "kernel/loan.h"
#include "tock_pair.h"

#include <string.h>

enum { DISCOVER = 1, NOTIFY_SERVICE = 2, NOTIFY_CLIENT = 3 };
enum { SHARED = 0x400, LENGTH = 64, WORDS = 0x500 };

static uint32_t slot_of(struct host_app *app)
{
	return process_id_slot(host_process(app)->id);
}

static struct host_return discover(struct host_app *app, const char *name)
{
	name_it(app, DRIVER_TOCK_IPC, name, strlen(name));
	return host_command(app, DRIVER_TOCK_IPC, DISCOVER, 0, 0);
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

static struct pair start(void)
{
	struct pair pair = pair_start();

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

/* Who is not told of a buffer does not have it, nor anything to answer. */
HOST_TEST(a_refused_notice_changes_nothing)
{
	enum { PENDING = 5 }; /* one for the number, and the driver's queue */
	struct pair pair;
	struct host_app *third;
	uint32_t buffer;

	host_board_start(NULL);
	pair.service = host_script_add("rot");
	pair.client = host_script_add("client");
	third = host_script_add("third");
	host_run();
	host_memop(pair.service, MEMOP_BRK, host_ram(pair.service, 0x800));
	host_memop(pair.client, MEMOP_BRK, host_ram(pair.client, 0x800));
	host_memop(third, MEMOP_BRK, host_ram(third, 0x800));
	buffer = host_ram(pair.client, SHARED);
	TEST_EQUAL(discover(pair.service, "rot").r[1], slot_of(pair.service));
	listen_for(pair.service, pair.service);
	TEST_EQUAL(discover(third, "rot").r[1], slot_of(pair.service));
	for (uint32_t i = 0; i < PENDING; i++)
		TEST_EQUAL(notify_service(third, pair.service), E_OK);
	TEST_EQUAL(discover(pair.client, "rot").r[1], slot_of(pair.service));
	share(pair.client, pair.service, SHARED, LENGTH);
	TEST_EQUAL(notify_service(pair.client, pair.service), E_BUSY);
	TEST_CHECK(!reaches(pair.service, buffer));
	TEST_EQUAL(notify_client(pair.service, pair.client), E_INVAL);
	TEST_EQUAL(host_command(pair.service, DRIVER_LOAN, 10, 0, 0).r[1], ARCH_WINDOWS);

	/* What was in reach before stays so, whatever becomes of the next notice. */
	TEST_CHECK(got(pair.service, third, 0, 0));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_OK);
	TEST_CHECK(reaches(pair.service, buffer));
	TEST_EQUAL(notify_service(pair.client, pair.service), E_BUSY);
	TEST_CHECK(reaches(pair.service, buffer));
	TEST_EQUAL(notify_client(pair.service, pair.client), E_OK);
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

/* Senders cannot take the last window of who accepts loans: the third party lends to it. */
HOST_TEST(who_accepts_loans_keeps_a_window_for_them)
{
	struct host_app *service, *clients[3];
	uint32_t words[6] = {0, LENGTH, 0, LOAN_WRITE, LOAN_TO_ANY, 0};
	struct host_return made;

	host_board_start(NULL);
	service = host_script_add("rot");
	for (uint32_t i = 0; i < 3; i++)
		clients[i] = host_script_add("client");
	host_run();
	host_memop(service, MEMOP_BRK, host_ram(service, 0x800));
	discover(service, "rot");
	listen_for(service, service);
	host_subscribe(service, DRIVER_LOAN, 0, host_flash(service, 0x100), 0);
	for (uint32_t i = 0; i < 3; i++) {
		host_memop(clients[i], MEMOP_BRK, host_ram(clients[i], 0x800));
		discover(clients[i], "rot");
		share(clients[i], service, SHARED, LENGTH);
		TEST_EQUAL(notify_service(clients[i], service),
			   i < ARCH_WINDOWS - 1 ? E_OK : E_RESERVE);
	}
	words[0] = host_ram(clients[2], SHARED);
	words[2] = host_process(service)->id.raw;
	host_poke(clients[2], host_ram(clients[2], WORDS), words, sizeof(words));
	host_allow_ro(clients[2], DRIVER_LOAN, 0, host_ram(clients[2], WORDS), 24);
	made = host_command(clients[2], DRIVER_LOAN, 1, 0, 0);
	TEST_EQUAL(made.r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(tried(host_command(service, DRIVER_LOAN, 2, made.r[1], 0)), E_OK);
	TEST_CHECK(reaches(service, host_ram(clients[2], SHARED)));

	/* One sender has one window, however much it shares. */
	share(clients[0], service, SHARED + LENGTH, LENGTH);
	TEST_EQUAL(notify_service(clients[0], service), E_RESERVE);
	TEST_EQUAL(tried(host_command(service, DRIVER_LOAN, 3, made.r[1], 0)), E_OK);
	TEST_EQUAL(notify_service(clients[0], service), E_OK);
	TEST_CHECK(!reaches(service, host_ram(clients[0], SHARED)));
	TEST_CHECK(reaches(service, host_ram(clients[0], SHARED + LENGTH)));
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

	host_poke(pair.client, host_ram(pair.client, WORDS), words, sizeof(words));
	host_allow_ro(pair.client, DRIVER_LOAN, 0, host_ram(pair.client, WORDS), sizeof(words));
	host_allow_ro(pair.service, DRIVER_LOAN, 0, host_ram(pair.service, WORDS), sizeof(words));
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
