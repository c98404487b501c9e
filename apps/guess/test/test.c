/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host.h"

#include <stdio.h>
#include <string.h>

static struct host_app *start(uint32_t seed)
{
	struct host_app *guess;

	host_board_start(&(struct host_config){.seed = seed});
	guess = host_app_add("guess");
	host_run_until(host_console_saw("guess: I think of a number from 1 to 100.\n"));
	return guess;
}

/* Types a line once it is asked for, and returns what the game says to it. */
static const char *answer(const char *line)
{
	host_run_until(host_console_saw("your number? "));
	host_console_clear();
	host_type(line);
	host_run();
	return host_console();
}

/* Halving the interval must find every number in at most seven tries. */
static unsigned int play(void)
{
	unsigned int low = 1, high = 100, tries = 0;

	while (low <= high && tries < 20) {
		unsigned int middle = (low + high) / 2;
		const char *said;
		char line[16];

		snprintf(line, sizeof(line), "%u\r", middle);
		said = answer(line);
		tries++;
		if (strstr(said, "too small") != NULL)
			low = middle + 1;
		else if (strstr(said, "too large") != NULL)
			high = middle - 1;
		else
			break;
	}
	return tries;
}

HOST_TEST(a_number_is_found_by_halving)
{
	start(1);
	for (unsigned int game = 0; game < 5; game++) {
		TEST_CHECK(play() <= 7);
		TEST_CHECK(strstr(host_console(), "guess: right, after ") != NULL);
	}
}

HOST_TEST(nonsense_is_no_guess)
{
	start(2);
	TEST_CHECK(strstr(answer("forty\r"), "please a number from 1 to 100\n") != NULL);
	TEST_CHECK(strstr(answer("101\r"), "please a number from 1 to 100\n") != NULL);
	TEST_CHECK(strstr(answer("\r"), "please a number from 1 to 100\n") != NULL);
	TEST_CHECK(strstr(answer("12x\r"), "please a number from 1 to 100\n") != NULL);
}

HOST_TEST(a_mistyped_key_can_be_taken_back)
{
	start(3);
	TEST_CHECK(strstr(answer("9x\b9\r"), "guess: 99 is too large") != NULL);
}

/* Without random numbers the time of the start decides: 0 gives 1. */
HOST_TEST(works_without_random_numbers)
{
	host_board_start(NULL);
	host_app_add("guess");
	host_fail(HOST_FAIL_GATHER, E_OFF, 0, 100);
	host_run_until(host_console_saw("your number? "));
	host_type("1\r");
	host_run_until(host_console_saw("guess: right, after 1 tries."));
	TEST_EQUAL(host_now_us(), 0);
}

HOST_TEST(ends_if_the_console_cannot_be_read)
{
	struct host_app *guess = start(1);

	host_run_until(host_console_saw("your number? "));
	host_fail(HOST_FAIL_RECEIVED, E_FAIL, 0, 1);
	host_type("5");
	host_run_until(host_in_state(guess, PROCESS_TERMINATED));
	TEST_EQUAL(host_info(guess).completion_code, 1);
	TEST_CHECK(strstr(host_console(), "the console cannot be read\n") != NULL);
}
