/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel's helper process and the verifier that it works for. */
#include "host/helper.h"
#include "abi/verifier.h"

#include <string.h>

enum { NOT_DONE = -1, FUNCTION = 256, LENGTH = 5 };

static int status;
static uint32_t calls;
static uint8_t hash[DIGEST_MAX];

static void note(enum error error)
{
	status = (int)error;
	calls++;
}

static void done(struct digest_client *client, enum error error)
{
	(void)client;
	note(error);
}

static void verified(struct public_key_client *client, enum error error)
{
	(void)client;
	note(error);
}

static const struct digest_client_ops digest_ops = {done};
static const struct public_key_client_ops key_ops = {verified};
static struct digest_client digest_client = {&digest_ops};
static struct public_key_client key_client = {&key_ops};

static struct host_app *helper, *other;

static void start_board(void)
{
	host_board_start(&(struct host_config){.process_slots = 2});
	helper = host_helper_add();
	other = host_script_add("other");
	host_run();
	host_verifier.digest.client = &digest_client;
	host_verifier.public_key.client = &key_client;
	status = NOT_DONE;
	calls = 0;
}

static void begin(void)
{
	struct digest *digest = &host_verifier.digest;

	status = NOT_DONE;
	TEST_EQUAL(digest->ops->start(digest, DIGEST_SHA256), E_OK);
	TEST_EQUAL(digest->ops->start(digest, DIGEST_SHA256), E_BUSY);
	TEST_EQUAL(status, NOT_DONE);
	host_run();
}

static void get_ready(uint32_t result)
{
	host_command(helper, DRIVER_VERIFIER, VERIFIER_READY, result, 0);
}

/* As helpers/verifier begins; it has the operation then. */
static struct host_return take(void)
{
	uint32_t ram;

	host_memop(helper, MEMOP_BRK, host_ram(helper, 4096));
	ram = host_ram(helper, 0);
	host_subscribe(helper, DRIVER_VERIFIER, VERIFIER_UPCALL, host_flash(helper, FUNCTION), 0);
	host_allow_rw(helper, DRIVER_VERIFIER, VERIFIER_BUFFER, ram, VERIFIER_BUFFER_SIZE);
	get_ready(VERIFIER_OK);
	return host_yield(helper);
}

/* The verifier's process is the second: it starts where nobody asked for it before. */
static void check_gone(void)
{
	TEST_EQUAL(status, E_FAIL);
	TEST_EQUAL(board.processes[1].state, PROCESS_UNUSED);
}

HOST_TEST(a_hash_is_made_by_the_helper)
{
	static const uint8_t data[LENGTH] = "data";
	struct digest *digest = &host_verifier.digest;
	struct host_return upcall;
	uint8_t bytes[DIGEST_MAX];

	start_board();
	begin();
	upcall = take();
	TEST_CHECK(upcall.upcall && upcall.r[0] == VERIFIER_HASH_START && upcall.r[1] == 256);
	get_ready(VERIFIER_OK);
	TEST_EQUAL(status, E_OK);

	TEST_EQUAL(digest->ops->add(digest, data, 0), E_SIZE);
	TEST_EQUAL(digest->ops->add(digest, data, DIGEST_PIECE + 1), E_SIZE);
	TEST_EQUAL(digest->ops->add(digest, data, LENGTH), E_OK);
	host_run();
	upcall = host_yield(helper);
	TEST_CHECK(upcall.upcall && upcall.r[0] == VERIFIER_HASH_ADD && upcall.r[1] == LENGTH);
	host_peek(helper, host_ram(helper, 0), bytes, LENGTH);
	TEST_CHECK(memcmp(bytes, data, LENGTH) == 0);
	get_ready(VERIFIER_OK);

	TEST_EQUAL(digest->ops->finish(digest, hash), E_OK);
	host_run();
	upcall = host_yield(helper);
	TEST_CHECK(upcall.upcall && upcall.r[0] == VERIFIER_HASH_FINISH);
	memset(bytes, 7, sizeof(bytes));
	host_poke(helper, host_ram(helper, 0), bytes, sizeof(bytes));
	get_ready(VERIFIER_OK);
	TEST_EQUAL(calls, 3);
	TEST_CHECK(memcmp(hash, bytes, 32) == 0 && hash[32] == 0);

	verifier_rest(&host_verifier);
	TEST_EQUAL(board.processes[1].state, PROCESS_UNUSED);
	TEST_EQUAL(calls, 3);
}

HOST_TEST(a_signature_is_what_the_helper_says)
{
	static const uint8_t bytes[512] = {1};
	struct public_key *public_key = &host_verifier.public_key;
	struct public_key_request request = {.kind = PUBLIC_KEY_RSA,
					     .digest = bytes,
					     .key = bytes,
					     .signature = bytes,
					     .key_length = 512,
					     .signature_length = 384};
	struct host_return upcall;

	start_board();
	TEST_EQUAL(public_key->ops->verify(public_key, &request), E_SIZE);
	request.signature_length = 512;
	TEST_EQUAL(public_key->ops->verify(public_key, &request), E_OK);
	TEST_EQUAL(public_key->ops->verify(public_key, &request), E_BUSY);
	host_run();
	upcall = take();
	TEST_CHECK(upcall.upcall && upcall.r[0] == VERIFIER_RSA && upcall.r[1] == 512);
	get_ready(VERIFIER_WRONG);
	TEST_EQUAL(status, E_INVAL);
	TEST_EQUAL(calls, 1);
}

HOST_TEST(however_the_helper_ends_its_call_ends_and_the_next_is_served)
{
	start_board();
	for (uint32_t way = 0; way < 4; way++) {
		begin();
		if (way == 0)
			host_touch(helper, 0);
		else if (way == 1)
			host_call(helper, SYSCALL_EXIT, EXIT_TERMINATE, 0, 0, 0);
		else if (way == 2)
			host_call(helper, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
		else
			TEST_EQUAL(host_terminate(helper), E_OK);
		check_gone();
	}
	begin();
	TEST_CHECK(take().upcall);
	get_ready(VERIFIER_OK);
	TEST_EQUAL(status, E_OK);
	TEST_EQUAL(calls, 5);
}

HOST_TEST(a_helper_without_a_buffer_fails_the_call)
{
	struct digest *digest = &host_verifier.digest;

	start_board();
	begin();
	get_ready(VERIFIER_OK);
	get_ready(VERIFIER_OK);
	TEST_EQUAL(status, E_OK);
	TEST_EQUAL(digest->ops->finish(digest, hash), E_OK);
	host_run();
	get_ready(VERIFIER_OK);
	TEST_EQUAL(status, E_FAIL);
}

HOST_TEST(nobody_else_is_served)
{
	struct host_return answer;

	start_board();
	answer = host_command(other, DRIVER_VERIFIER, 0, 0, 0);
	TEST_CHECK(answer.r[0] == SYSCALL_FAILURE && answer.r[1] == E_NODEVICE);
	begin();
	answer = host_command(other, DRIVER_VERIFIER, VERIFIER_READY, VERIFIER_OK, 0);
	TEST_CHECK(answer.r[0] == SYSCALL_FAILURE && answer.r[1] == E_NODEVICE);
	TEST_EQUAL(host_command(helper, DRIVER_VERIFIER, 0, 0, 0).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_command(helper, DRIVER_VERIFIER, 9, 0, 0).r[1], E_NOSUPPORT);
}

HOST_TEST(without_a_slot_no_helper_starts)
{
	struct digest *digest = &host_verifier.digest;

	host_board_start(&(struct host_config){.process_slots = 1});
	helper = host_helper_add();
	other = host_script_add("other");
	host_run();
	TEST_EQUAL(digest->ops->start(digest, DIGEST_SHA512), E_NOMEM);
	host_terminate(other);
	TEST_EQUAL(digest->ops->start(digest, DIGEST_SHA512), E_OK);
}
