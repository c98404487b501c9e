/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <string.h>

enum { BY_NAME = 3, NEWS = 9, REQUEST = 10 };
enum { NAME = 0, OUT = 1, IN = 0 };
enum { TEXT = 0x40, ANSWER = 0x80 };

static struct host_app *client;
static uint32_t handle;

static void connect(void)
{
	static const char name[] = "tally";

	host_board_start(NULL);
	(void)host_app_add("tally");
	client = host_script_add("client");
	host_run();
	host_memop(client, MEMOP_BRK, host_ram(client, 0x200));
	host_poke(client, host_ram(client, TEXT), name, strlen(name));
	host_allow_ro(client, DRIVER_CONNECTION, NAME, host_ram(client, TEXT), sizeof(name) - 1);
	handle = host_command(client, DRIVER_CONNECTION, BY_NAME, 0, 0).r[1];
	host_run();
	TEST_EQUAL(host_command(client, DRIVER_CONNECTION, NEWS, 0, 0).r[1], handle);
}

/* Its error; the sum to `*sum`. */
static uint32_t ask(const void *question, uint32_t length, uint32_t *sum)
{
	uint32_t reply[2] = {0, 0};

	host_poke(client, host_ram(client, TEXT), question, length);
	host_allow_ro(client, DRIVER_CONNECTION, OUT, host_ram(client, TEXT), length);
	host_allow_rw(client, DRIVER_CONNECTION, IN, host_ram(client, ANSWER), sizeof(reply));
	host_command(client, DRIVER_CONNECTION, REQUEST, handle, length);
	TEST_EQUAL(host_yield_for(client, DRIVER_CONNECTION, 0).r[0], E_OK);
	host_peek(client, host_ram(client, ANSWER), reply, sizeof(reply));
	*sum = reply[1];
	return reply[0];
}

/* With a client that lends: tests/host/kernel/ipc_memory.c. */
HOST_TEST(adds_up_the_bytes_of_a_message)
{
	static const uint8_t question[12 + 4] = {[12] = 1, 2, 250, 255};
	uint32_t sum;

	connect();
	TEST_EQUAL(ask(question, sizeof(question), &sum), E_OK);
	TEST_EQUAL(sum, 508);
}

HOST_TEST(refuses_what_is_too_short_and_loans_that_are_none)
{
	static const uint8_t short_one[4] = {0}, loan[12] = {1}, stream[12] = {2};
	uint32_t sum;

	connect();
	TEST_EQUAL(ask(short_one, sizeof(short_one), &sum), E_INVAL);
	TEST_EQUAL(ask(loan, sizeof(loan), &sum), E_INVAL);
	TEST_EQUAL(ask(stream, sizeof(stream), &sum), E_INVAL);
}
