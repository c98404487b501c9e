/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* All that the two sides of a connection can do, with loans: apps/tally and apps/tally_ask. */
#include "host/host.h"
#include "trusted/board.h"

#include <string.h>

enum { IDENTITY = 0x7A11, CREDENTIAL = 6 };

static struct host_app *tally, *tally_ask;

static struct app_identity *identity_of(struct host_app *app)
{
	return &board.processes[process_id_slot(host_process(app)->id)].identity;
}

/* As if a credential had been checked, where there is one. */
static void start_tally(uint8_t credential)
{
	host_board_start(NULL);
	tally = host_app_add("tally");
	tally_ask = host_app_add("tally_ask");
	host_run();
	identity_of(tally)->short_id = IDENTITY;
	identity_of(tally)->credential = credential;
}

static void all_ways(void)
{
	host_run_until(host_console_saw("tally_ask: of a message: 4950\n"));
	host_run_until(host_console_saw("tally_ask: of a loan: 124716\n"));
	host_run_until(host_console_saw("tally_ask: of a stream: 124716\n"));
	host_run_until(host_console_saw("tally_ask: twice: busy, try again later, "
					"cancelled: busy, try again later\n"));
	host_run_until(host_console_saw("tally: answer to a stream: cancelled\n"));
}

HOST_TEST(messages_memory_and_streams_are_added_up_again_and_again)
{
	start_tally(0);
	host_run_until(host_console_saw("tally_ask: to 00007a11, credential 0 key 255 role 0\n"));
	host_run_until(host_console_saw("tally_ask: checked: no such driver\n"));
	for (int i = 0; i < 4; i++)
		all_ways();
	TEST_CHECK(strstr(host_console(), "although cancelled") == NULL);
	TEST_EQUAL(host_info(tally).upcalls_dropped, 0);
	TEST_EQUAL(host_info(tally_ask).upcalls_dropped, 0);
}

HOST_TEST(a_checked_identity_is_connected_to)
{
	start_tally(CREDENTIAL);
	host_run_until(host_console_saw("tally_ask: checked: no error\n"));
	all_ways();
	TEST_CHECK(strstr(host_console(), "tally_ask: to 00007a11, credential 6 ") != NULL);
}

HOST_TEST(a_client_of_another_role_is_turned_away)
{
	start_tally(CREDENTIAL);
	identity_of(tally_ask)->role = 2;
	host_run_until(host_console_saw("tally: turns away role 2\n"));
	host_run_until(host_console_saw("tally_ask: device taken out\n"));
	host_run_until(host_console_saw("tally: turns away role 2\n"));
	TEST_CHECK(strstr(host_console(), "of a message") == NULL);
}

/* Whichever step the client is at when the service ends: it goes on with the next life. */
HOST_TEST(a_client_with_streams_outlives_its_service)
{
	start_tally(0);
	all_ways();
	for (uint64_t us = 0; us < 30000; us += 3700) {
		host_run_until(host_console_saw("tally_ask: of a message: 4950\n"));
		host_advance_us(us);
		TEST_EQUAL(host_terminate(tally), E_OK);
		host_advance_ms(5);
		TEST_EQUAL(host_boot(tally), E_OK);
		identity_of(tally)->short_id = IDENTITY;
		all_ways();
	}
	TEST_CHECK(strstr(host_console(), "tally_ask: device taken out\n") != NULL);
	TEST_EQUAL(host_info(tally_ask).restarts, 0);
}

HOST_TEST(a_service_with_streams_outlives_its_client)
{
	start_tally(0);
	all_ways();
	for (uint64_t us = 0; us < 30000; us += 3700) {
		host_run_until(host_console_saw("tally_ask: of a message: 4950\n"));
		host_advance_us(us);
		TEST_EQUAL(host_fault_it(tally_ask), E_OK);
		host_advance_ms(5);
		TEST_EQUAL(host_boot(tally_ask), E_OK);
		all_ways();
	}
	TEST_CHECK(strstr(host_console(), "tally: a stream's client is gone\n") != NULL);
	TEST_EQUAL(host_info(tally).restarts, 0);
}
