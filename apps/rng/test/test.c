/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <string.h>

static void play(uint32_t seed)
{
	struct host_app *rng;

	host_board_start(&(struct host_config){.seed = seed});
	rng = host_app_add("rng");
	host_run_until(host_in_state(rng, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(rng).completion_code, 0);
}

HOST_TEST(prints_three_lines_that_differ)
{
	const char *first, *second, *third;

	play(1);
	first = strstr(host_console(), "rng: ");
	TEST_CHECK(first != NULL);
	second = first == NULL ? NULL : strstr(first + 1, "rng: ");
	third = second == NULL ? NULL : strstr(second + 1, "rng: ");
	TEST_CHECK(third != NULL && strstr(third + 1, "rng: done\n") != NULL);
	TEST_CHECK(third != NULL && strncmp(first, second, 52) != 0 &&
		   strncmp(second, third, 52) != 0);
}

HOST_TEST(says_why_there_are_none)
{
	struct host_app *rng;

	host_board_start(NULL);
	rng = host_app_add("rng");
	host_fail(HOST_FAIL_GATHERED, E_FAIL, 1, 1);
	host_run_until(host_in_state(rng, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(rng).completion_code, 1);
	TEST_CHECK(strstr(host_console(), "rng: failed\n") != NULL);
}
