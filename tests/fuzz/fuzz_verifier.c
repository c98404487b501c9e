/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The verifier between a client in the kernel, which hashes and checks signatures, and
 * its helper process, which does anything. Every call that was taken ends with exactly
 * one callback, however the helper ends; a result is stored where it belongs; and no
 * other process is served.
 */
#include "fuzz.h"

#include "abi/verifier.h"
#include "host/helper.h"

#include <string.h>

enum { STEPS = 200, BREAK = 4096, BYTES = 600, PATTERN = 0xC3 };

static enum { NOTHING, DIGEST, SIGNATURE } awaited;
static bool calling, finishing;
static uint32_t result_length;
static uint8_t result[DIGEST_MAX];
static struct host_app *helper, *other;

static void check(bool holds, const char *what)
{
	if (!holds)
		host_violation("%s", what);
}

static void done(struct digest_client *client, enum error status)
{
	(void)client;
	check(!calling && awaited == DIGEST, "done() is for a call under way, not from inside it");
	check(status <= E_NOACK, "a status is an error code");
	awaited = NOTHING;
	for (uint32_t i = finishing ? result_length : 0; i < sizeof(result); i++)
		check(result[i] == PATTERN,
		      "only a hash that is finished is stored, as long as it is");
	memset(result, PATTERN, sizeof(result));
	finishing = false;
}

static void verified(struct public_key_client *client, enum error status)
{
	(void)client;
	check(!calling && awaited == SIGNATURE, "verified() is for a call under way");
	check(status <= E_NOACK, "a status is an error code");
	awaited = NOTHING;
}

static const struct digest_client_ops digest_ops = {done};
static const struct public_key_client_ops key_ops = {verified};
static struct digest_client digest_client = {&digest_ops};
static struct public_key_client key_client = {&key_ops};

/* ---- the client ---- */

static void began(enum error error, int what)
{
	calling = false;
	check(error != E_OK || awaited == NOTHING, "one call at a time");
	check(awaited == NOTHING || error == E_BUSY, "what is under way is said");
	if (error == E_OK)
		awaited = what;
}

static enum error call_digest(struct fuzz_input *input)
{
	static const uint8_t data[BYTES] = {1, 2, 3};
	struct digest *digest = &host_verifier.digest;
	uint8_t what = fuzz_u8(input);

	if (what % 4 == 0) {
		enum digest_algorithm algorithm = (enum digest_algorithm)(what / 4 % 3);
		enum error error = digest->ops->start(digest, algorithm);

		if (error == E_OK)
			result_length = (uint32_t)digest_size(algorithm);
		return error;
	}
	if (what % 4 == 1) {
		enum error error = digest->ops->finish(digest, result);

		finishing = finishing || error == E_OK;
		return error;
	}
	return digest->ops->add(digest, data, fuzz_u16(input) % sizeof(data));
}

static enum error call_verify(struct fuzz_input *input)
{
	static const uint8_t bytes[BYTES] = {4, 5, 6};
	static const uint16_t lengths[] = {32, 64, 384, 512};
	struct public_key *public_key = &host_verifier.public_key;
	uint8_t what = fuzz_u8(input);
	const struct public_key_request request = {
		.kind = (enum public_key_kind)(what % 3),
		.digest = bytes,
		.key = bytes,
		.signature = bytes,
		.key_length = lengths[what / 3 % 4],
		.signature_length = lengths[what / 12 % 4],
	};

	return public_key->ops->verify(public_key, &request);
}

static void call(struct fuzz_input *input)
{
	bool signature = fuzz_u8(input) % 2 != 0;

	calling = true;
	began(signature ? call_verify(input) : call_digest(input), signature ? SIGNATURE : DIGEST);
	host_raise(HOST_IRQ_PANEL);
	(void)host_settle(NULL);
}

static void rest(void)
{
	verifier_rest(&host_verifier);
	awaited = NOTHING;
	finishing = false;
	memset(result, PATTERN, sizeof(result)); /* of a hash that was finished and not told yet */
	host_raise(HOST_IRQ_PANEL);
	(void)host_settle(NULL);
}

/* ---- the processes ---- */

/* Its answer; NULL: it was not its turn. */
static const ureg_t *step(struct host_app *app, uint32_t class_number, const uint32_t r[4])
{
	struct host_trap trap = {.kind = HOST_TRAP_SYSCALL, .class_number = class_number};

	for (unsigned int i = 0; i < 4; i++)
		trap.r[i] = r[i];
	if (!fuzz_alive() || !host_try_step(app, &trap))
		return NULL;
	return app->process->context.r;
}

static void ready(uint32_t said)
{
	step(helper, SYSCALL_COMMAND, (uint32_t[4]){DRIVER_VERIFIER, VERIFIER_READY, said, 0});
}

/* As helpers/verifier does it, for the operation that waits. */
static void serve(uint32_t said)
{
	if (step(helper, SYSCALL_YIELD, (uint32_t[4]){YIELD_NO_WAIT, 0, 0, 0}) == NULL)
		return;

	uint32_t ram = host_ram(helper, 0);

	step(helper, SYSCALL_MEMOP, (uint32_t[4]){MEMOP_BRK, ram + BREAK});
	step(helper, SYSCALL_SUBSCRIBE,
	     (uint32_t[4]){DRIVER_VERIFIER, VERIFIER_UPCALL, host_flash(helper, 256), 0});
	step(helper, SYSCALL_ALLOW_RW,
	     (uint32_t[4]){DRIVER_VERIFIER, VERIFIER_BUFFER, ram, VERIFIER_BUFFER_SIZE});
	ready(said);
	step(helper, SYSCALL_YIELD, (uint32_t[4]){YIELD_WAIT, 0, 0, 0});
}

static void share(struct fuzz_input *input)
{
	if (helper->process == NULL)
		return;

	uint32_t start = host_ram(helper, fuzz_u8(input) * 8u);
	uint32_t number = fuzz_u8(input) % 2, length = fuzz_u16(input) % 1200;

	step(helper, SYSCALL_ALLOW_RW, (uint32_t[4]){DRIVER_VERIFIER, number, start, length});
}

/* Whoever is not the helper gets nothing of it. */
static void intrude(struct fuzz_input *input)
{
	uint32_t number = fuzz_u8(input) % 4, said = fuzz_u8(input);
	const ureg_t *answer =
		step(other, SYSCALL_COMMAND, (uint32_t[4]){DRIVER_VERIFIER, number, said, 0});

	check(answer == NULL || (answer[0] == SYSCALL_FAILURE && answer[1] == E_NODEVICE),
	      "the verifier serves its helper only");
}

static void act(struct fuzz_input *input)
{
	uint8_t what = fuzz_u8(input);

	switch (what % 10) {
	case 0:
	case 1:
		return call(input);
	case 2:
	case 3:
		return serve(what / 10 % 2);
	case 4:
		return ready(fuzz_u8(input));
	case 5:
		return share(input);
	case 6:
		return intrude(input);
	case 7:
		return fuzz_poke(input, helper);
	case 8:
		return what >= 200 ? rest()
				   : fuzz_call(input, helper, what / 10 % 8, DRIVER_VERIFIER);
	default:
		return fuzz_event(input, what < 200 ? helper : other);
	}
}

/* However it stands, the end of the helper ends what waits for it. */
static void end_helper(void)
{
	if (!fuzz_alive() || helper->process == NULL)
		return;
	(void)host_terminate(helper);
	if (fuzz_alive())
		check(awaited == NOTHING, "the helper's end ends the call");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	uint8_t how = fuzz_u8(&input);

	awaited = NOTHING;
	calling = finishing = false;
	result_length = 0;
	memset(result, PATTERN, sizeof(result));
	host_board_start(&(struct host_config){
		.process_slots = 1 + how % 3,
		.upcalls_need_stack = (how & 128) != 0,
		.no_log = true,
	});
	helper = host_helper_add();
	other = host_script_add("other");
	(void)host_settle(NULL);
	(void)host_process(other);
	host_verifier.digest.client = &digest_client;
	host_verifier.public_key.client = &key_client;
	for (unsigned int i = 0; i < STEPS && input.left > 0 && fuzz_alive(); i++)
		act(&input);
	end_helper();
	return 0;
}
