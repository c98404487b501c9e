/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The checker of credentials on a binary that is the input: it comes to an end, reads
 * nothing outside, and accepts only what the engines below have found right. They are
 * made up: a hash is what hash_byte() says, a signature that begins with 0xA5 is right.
 */
#include "fuzz.h"

#include "kernel/deferred.h"
#include "lib/tbf.h"

#define deferred_set fake_deferred_set
#define app_table_find fake_table_find
#define app_table_find_fixed fake_table_find_fixed
#define app_table_raise fake_table_raise
#define app_table_set_client fake_table_set_client
void fake_deferred_set(struct deferred *deferred);
#include "../../capsules/src/credential_checker.c"
#include "../../capsules/src/credential_checker_identity.c"
#undef deferred_set

#include <stdlib.h>
#include <string.h>

enum { STEPS_BOUND = 200000, RIGHT = 0xA5 };

static const uint8_t key_bytes[512] = {1};
static const struct trusted_key keys[] = {
	{.key = key_bytes, .length = 64, .kind = PUBLIC_KEY_ECDSA_P256, .role = 1},
	{.key = key_bytes, .length = 512, .kind = PUBLIC_KEY_RSA, .role = 2},
	{.key = key_bytes, .length = 32, .kind = PUBLIC_KEY_ED25519, .role = 3},
	{.key = key_bytes + 1, .length = 64, .kind = PUBLIC_KEY_ECDSA_P256, .revoked = true},
};
static const struct credential_policy policies[] = {
	CREDENTIALS_KEY_SET(keys, sizeof(keys) / sizeof(keys[0])),
	{.required = true, .hashes = true, .identifier = IDENTIFIER_NAME},
	{.identifier = IDENTIFIER_TLV, .hashes = true, .keys = keys, .key_count = 2},
};

static struct credential_checker checker;
static const uint8_t *image;
static struct tbf_info info;
static struct app_table_client *table_client;
static bool set, answered, found_right;
static uint32_t verifications, hashes;
static enum error answer;
static enum { NOTHING, HASHED, VERIFIED, FOUND } event;
static enum error event_status;

static void check(bool holds, const char *what)
{
	if (!holds)
		host_violation("%s", what);
}

static uint8_t hash_byte(enum digest_algorithm algorithm, uint32_t at)
{
	return (uint8_t)(0x40 + (uint32_t)algorithm * 16 + at % 7);
}

/* ---- the kernel's side ---- */

void fake_deferred_set(struct deferred *deferred)
{
	(void)deferred;
	set = true;
}

bool app_checker_read(const struct cap_app_checker *cap, uint32_t offset, uint8_t *to,
		      uint32_t length)
{
	(void)cap;
	if (offset > info.total_size || length > info.total_size - offset)
		return false;
	memcpy(to, image + offset, length);
	return true;
}

enum tbf_status app_checker_footer(const struct cap_app_checker *cap, uint32_t *position,
				   struct tbf_footer *footer)
{
	(void)cap;
	return tbf_footer_next(image, &info, position, footer);
}

void app_checker_answer(const struct cap_app_checker *cap, enum error status)
{
	(void)cap;
	check(!answered, "there is one answer");
	answered = true;
	answer = status;
}

void app_checker_kept(const struct cap_app_checker *cap, enum error status)
{
	(void)cap;
	(void)status;
}

/* ---- the table ---- */

void fake_table_set_client(struct app_table *table, struct app_table_client *client)
{
	(void)table;
	table_client = client;
}

enum error fake_table_find(struct app_table *table, const uint8_t *name, uint32_t length)
{
	(void)table;
	check(length > 0 && length <= APP_TABLE_NAME_MAX && name != NULL, "a name fits the table");
	event = FOUND;
	return E_OK;
}

enum error fake_table_find_fixed(struct app_table *table, uint32_t short_id)
{
	(void)table;
	if (short_id >= 0x80000000)
		return E_INVAL;
	event = FOUND;
	return E_OK;
}

enum error fake_table_raise(struct app_table *table, uint32_t short_id, uint32_t version)
{
	(void)table;
	(void)short_id;
	(void)version;
	return E_BUSY;
}

/* ---- the engines ---- */

static enum error fake_start(struct digest *digest, enum digest_algorithm algorithm)
{
	(void)digest;
	(void)algorithm;
	check(++hashes <= HASHES_MAX, "the number of hashes is bounded");
	event = HASHED;
	event_status = E_OK;
	return E_OK;
}

static enum error fake_add(struct digest *digest, const uint8_t *data, size_t length)
{
	(void)digest;
	(void)data;
	check(length > 0 && length <= DIGEST_PIECE, "a piece has a size");
	event = HASHED;
	event_status = E_OK;
	return E_OK;
}

static enum error fake_finish(struct digest *digest, uint8_t result[DIGEST_MAX])
{
	(void)digest;
	for (uint32_t i = 0; i < digest_size((enum digest_algorithm)checker.format->hash); i++)
		result[i] = hash_byte((enum digest_algorithm)checker.format->hash, i);
	event = HASHED;
	event_status = E_OK;
	return E_OK;
}

static enum error fake_verify(struct public_key *public_key,
			      const struct public_key_request *request)
{
	(void)public_key;
	check(request->signature_length >= 64 && request->signature_length <= 512, "a signature");
	check(++verifications <= TRIES_MAX, "the number of tries is bounded");
	event = VERIFIED;
	event_status = request->signature[0] == RIGHT ? E_OK : E_INVAL;
	found_right = found_right || event_status == E_OK;
	return E_OK;
}

static const struct digest_ops digest_ops = {fake_start, fake_add, fake_finish};
static const struct public_key_ops key_ops = {fake_verify};
static struct digest digest = {.ops = &digest_ops};
static struct public_key public_key = {.ops = &key_ops};

static void deliver(void)
{
	int what = (int)event;

	event = NOTHING;
	if (what == HASHED)
		digest.client->ops->done(digest.client, event_status);
	else if (what == VERIFIED)
		public_key.client->ops->verified(public_key.client, event_status);
	else if (what == FOUND)
		table_client->ops->found(table_client, E_OK, 0x80000000, 2);
}

/* Runs it to its end. */
static void run(struct app_check *request)
{
	uint32_t steps = 0;

	set = answered = found_right = false;
	verifications = hashes = 0;
	event = NOTHING;
	checker.checker.ops->check(&checker.checker, request, &info);
	while (!answered) {
		check(steps++ < STEPS_BOUND && (set || event != NOTHING), "it comes to an end");
		if (set) {
			set = false;
			checker.deferred.ops->called(&checker.deferred);
		} else {
			deliver();
		}
	}
}

static void check_with(const struct credential_policy *policy)
{
	const struct credential_checker_setup setup = {
		.policy = policy, .digest = &digest, .public_key = &public_key};
	struct app_check request = {
		.identity = {.version = info.app_version, .key = APP_NO_KEY},
	};

	credential_checker_init(&checker, &setup);
	run(&request);
	check((answer == E_OK) == (request.reason == NULL), "a refusal has a reason");
	if (answer != E_OK)
		return;
	check(!policy->required || request.identity.credential != APP_CREDENTIAL_NONE,
	      "what is required is there");
	check(request.identity.key == APP_NO_KEY || found_right, "a key that vouches has signed");
	check(request.identity.key == APP_NO_KEY || !policy->keys[request.identity.key].revoked,
	      "a revoked key vouches for nothing");
	check(request.identity.credential == APP_CREDENTIAL_NONE ||
		      request.identity.short_id == 0 || request.identity.version >= 2,
	      "no version below the floor");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	uint8_t *copy = malloc(length + 1);

	if (copy == NULL)
		return 0;
	memcpy(copy + 1, bytes, length);
	image = copy + 1;
	if (tbf_parse(image, (uint32_t)length, &info) == TBF_OK && !info.is_padding)
		for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
			check_with(&policies[i]);
	free(copy);
	return 0;
}
