/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <string.h>

enum { BY_NAME = 3, NEWS = 9, REQUEST = 10 };
enum { NAME = 0, OUT = 1, IN = 0 };
enum { TEXT = 0x40, ANSWER = 0x80 };

static const char name[] = "upper";
static const char question[] = "Mixed case, 42.";

HOST_TEST(answers_with_capitals)
{
	struct host_app *upper, *client;
	struct host_return result;
	uint32_t handle;
	char answer[sizeof(question)] = "";

	host_board_start(NULL);
	upper = host_app_add("upper");
	client = host_script_add("client");
	host_run();
	host_memop(client, MEMOP_BRK, host_ram(client, 0x200));
	host_poke(client, host_ram(client, TEXT), name, strlen(name));
	host_allow_ro(client, DRIVER_CONNECTION, NAME, host_ram(client, TEXT), sizeof(name) - 1);
	handle = host_command(client, DRIVER_CONNECTION, BY_NAME, 0, 0).r[1];
	host_run();
	TEST_EQUAL(host_command(client, DRIVER_CONNECTION, NEWS, 0, 0).r[1], handle);
	host_poke(client, host_ram(client, TEXT), question, strlen(question));
	host_allow_ro(client, DRIVER_CONNECTION, OUT, host_ram(client, TEXT), sizeof(question) - 1);
	host_allow_rw(client, DRIVER_CONNECTION, IN, host_ram(client, ANSWER),
		      sizeof(question) - 1);
	host_command(client, DRIVER_CONNECTION, REQUEST, handle, sizeof(question) - 1);
	result = host_yield_for(client, DRIVER_CONNECTION, 0);
	TEST_CHECK(result.returned);
	TEST_EQUAL(result.r[0], E_OK);
	host_peek(client, host_ram(client, ANSWER), answer, sizeof(question) - 1);
	TEST_TEXT(answer, "MIXED CASE, 42.");
	TEST_EQUAL(host_state(upper), PROCESS_YIELDED);
}
