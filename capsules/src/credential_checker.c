/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "credential_checker_private.h"

#include "abi/tbf.h"
#include "lib/compiler.h"

#include <stddef.h>

enum {
	DIGEST_NONE = 0xFF,
	/* Signatures that are tried of one binary, and hashes made of it: its footers bound no time. */
	TRIES_MAX = 8,
	HASHES_MAX = 8,
	STEPS_MAX = 64,   /* footers looked at before others have their turn */
	FOOTER_ALIGN = 4, /* where footers start, from the first one on */
	COMPARED = 64,    /* bytes compared at a time */
};

enum { NOBODY = 0xFF /* in place of a kind of key: a hash, which nobody signs */ };

/* What a credential is of, who signs it, and what it consists of. */
struct credential_format {
	uint8_t number; /* TBF_CREDENTIAL_... */
	uint8_t hash;   /* enum digest_algorithm: of the integrity region */
	uint8_t kind;   /* enum public_key_kind, or NOBODY */
	uint16_t named; /* bytes of the key that the footer itself names, before the rest */
	uint16_t rest;  /* bytes of the hash or the signature */
};

static const struct credential_format formats[] = {
	{TBF_CREDENTIAL_SHA256, DIGEST_SHA256, NOBODY, 0, 32},
	{TBF_CREDENTIAL_SHA384, DIGEST_SHA384, NOBODY, 0, 48},
	{TBF_CREDENTIAL_SHA512, DIGEST_SHA512, NOBODY, 0, 64},
	{TBF_CREDENTIAL_ECDSA_P256, DIGEST_SHA256, PUBLIC_KEY_ECDSA_P256, 0, 64},
	{TBF_CREDENTIAL_RSA3072, DIGEST_SHA512, PUBLIC_KEY_RSA, 384, 384},
	{TBF_CREDENTIAL_RSA4096, DIGEST_SHA512, PUBLIC_KEY_RSA, 512, 512},
	{TBF_CREDENTIAL_ED25519, DIGEST_SHA512, PUBLIC_KEY_ED25519, 32, 64},
};

static const char no_credential[] = "it has no credential that this board accepts";
static const char wrong_hash[] = "its hash is that of another binary";
static const char wrong_signature[] = "its signature is of another binary, or by a key not trusted";
static const char unknown_key[] = "it is signed by a key not trusted";
static const char damaged[] = "its credential is damaged";
static const char too_many[] = "it has too many credentials";
static const char revoked[] = "it is signed by a key that was revoked";

/* ---- the end ---- */

void credential_check_end(struct credential_checker *self, enum error status, const char *reason)
{
	self->check->reason = reason;
	self->status = status;
	self->state = CHECK_ANSWERING;
	deferred_set(&self->deferred);
}

static void check_answer(struct credential_checker *self)
{
	self->state = CHECK_IDLE;
	self->check = NULL;
	if (self->setup->rest != NULL)
		self->setup->rest();
	app_checker_answer(self->setup->cap, self->status);
}

static void accept(struct credential_checker *self, uint8_t key, uint8_t role)
{
	self->check->identity.credential = (uint8_t)self->footer.format;
	self->check->identity.key = key;
	self->check->identity.role = role;
	credential_identify(self);
}

/* No credential was accepted. */
static void run_out(struct credential_checker *self)
{
	if (self->setup->policy->required)
		credential_check_end(self, E_NOSUPPORT, self->reason);
	else
		credential_identify(self);
}

/* ---- one credential ---- */

static void pass(struct credential_checker *self, const char *reason)
{
	self->reason = reason;
	self->state = CHECK_FOOTERS;
	deferred_set(&self->deferred);
}

static const struct trusted_key *tried_key(const struct credential_checker *self)
{
	return &self->setup->policy->keys[self->key];
}

static bool equals_binary(const struct credential_checker *self, uint32_t offset,
			  const uint8_t *bytes, uint32_t length)
{
	uint8_t there[COMPARED];

	for (uint32_t done = 0; done < length; done += COMPARED) {
		uint32_t part = length - done < COMPARED ? length - done : COMPARED;

		if (!app_checker_read(self->setup->cap, offset + done, there, part))
			return false;
		for (uint32_t i = 0; i < part; i++)
			if (there[i] != bytes[done + i])
				return false;
	}
	return true;
}

/* The first key from self->key on that the credential may be by; false: there is none. */
static bool find_key(struct credential_checker *self)
{
	const struct credential_policy *policy = self->setup->policy;
	const struct credential_format *format = self->format;

	for (; self->key < policy->key_count; self->key++) {
		const struct trusted_key *key = tried_key(self);

		if (key->kind != format->kind)
			continue;
		if (format->named == 0)
			return true;
		if (key->length == format->named &&
		    equals_binary(self, self->footer.offset, key->key, format->named))
			return true;
	}
	return false;
}

/* With the key that was found for it. */
static void verify(struct credential_checker *self)
{
	if (self->tries++ == TRIES_MAX) {
		credential_check_end(self, E_NOSUPPORT, too_many);
		return;
	}

	const struct trusted_key *key = tried_key(self);
	const struct credential_format *format = self->format;
	const struct public_key_request request = {
		.kind = (enum public_key_kind)key->kind,
		.digest = self->hash,
		.key = key->key,
		.signature = self->piece,
		.key_length = key->length,
		.signature_length = format->rest,
	};

	if (!app_checker_read(self->setup->cap, self->footer.offset + format->named, self->piece,
			      format->rest)) {
		pass(self, damaged);
		return;
	}
	self->state = CHECK_VERIFYING;

	enum error error = self->setup->public_key->ops->verify(self->setup->public_key, &request);

	if (error != E_OK)
		credential_check_end(self, error == E_NOMEM ? E_NOMEM : E_FAIL,
				     "there is no room to check its signature in");
}

static void check_verified(struct public_key_client *client, enum error status)
{
	struct credential_checker *self =
		CONTAINER_OF(client, struct credential_checker, key_client);

	if (self->state != CHECK_VERIFYING)
		return;
	if (status == E_OK && tried_key(self)->revoked) {
		credential_check_end(self, E_NOSUPPORT, revoked);
	} else if (status == E_OK) {
		accept(self, (uint8_t)self->key, tried_key(self)->role);
	} else if (status == E_INVAL) {
		self->key++;
		if (find_key(self))
			verify(self);
		else
			pass(self, wrong_signature); /* of none of the keys that it may be by */
	} else {
		credential_check_end(self, E_FAIL, "the check of its signature broke off");
	}
}

/* The hash that the credential is about is there. */
static void judge(struct credential_checker *self)
{
	if (self->format->kind != NOBODY) {
		verify(self);
		return;
	}
	if (equals_binary(self, self->footer.offset, self->hash, self->footer.length))
		accept(self, APP_NO_KEY, 0);
	else
		pass(self, wrong_hash);
}

/* ---- the hash of the integrity region: [0, binary_end_offset) ---- */

static void hash_failed(struct credential_checker *self, enum error error)
{
	self->algorithm = DIGEST_NONE;
	credential_check_end(self, error == E_NOMEM ? E_NOMEM : E_FAIL,
			     error == E_NOMEM ? "there is no room to check it in"
					      : "its check broke off");
}

static enum error hash_on(struct credential_checker *self)
{
	struct digest *digest = self->setup->digest;
	uint32_t left = self->info->binary_end_offset - self->hashed;
	uint32_t length = left < DIGEST_PIECE ? left : DIGEST_PIECE;

	if (left == 0) {
		self->state = CHECK_HASH_END;
		return digest->ops->finish(digest, self->hash);
	}
	self->state = CHECK_HASHING;
	if (!app_checker_read(self->setup->cap, self->hashed, self->piece, length))
		return E_FAIL;
	self->hashed += length;
	return digest->ops->add(digest, self->piece, length);
}

static void hash_begin(struct credential_checker *self)
{
	struct digest *digest = self->setup->digest;

	if (self->algorithm == self->format->hash) {
		judge(self);
		return;
	}
	if (self->hashes++ == HASHES_MAX) {
		credential_check_end(self, E_NOSUPPORT, too_many);
		return;
	}
	self->algorithm = DIGEST_NONE;
	self->hashed = 0;
	self->state = CHECK_HASH_START;

	enum error error = digest->ops->start(digest, (enum digest_algorithm)self->format->hash);

	if (error != E_OK)
		hash_failed(self, error);
}

static void check_hashed(struct digest_client *client, enum error status)
{
	struct credential_checker *self =
		CONTAINER_OF(client, struct credential_checker, digest_client);

	if (self->state < CHECK_HASH_START || self->state > CHECK_HASH_END)
		return;
	if (status == E_OK && self->state == CHECK_HASH_END) {
		self->algorithm = self->format->hash;
		judge(self);
		return;
	}
	if (status == E_OK)
		status = hash_on(self);
	if (status != E_OK)
		hash_failed(self, status);
}

/* ---- footers ---- */

/* NULL: it is no credential, reserved space, or of a format that we do not know. */
static const struct credential_format *format_of(const struct tbf_footer *footer)
{
	for (uint32_t i = 0; footer->type == TBF_TLV_CREDENTIALS && i < ARRAY_LENGTH(formats); i++)
		if (formats[i].number == footer->format)
			return &formats[i];
	return NULL;
}

static bool is_whole(const struct tbf_footer *footer)
{
	const struct credential_format *format = format_of(footer);

	return format != NULL && footer->length == (uint32_t)format->named + format->rest;
}

/*
 * The next footer. After one whose length cannot be believed every place where one
 * could start is tried, and only what is whole counts. False: there are no more.
 */
static bool next_footer(struct credential_checker *self)
{
	uint32_t start = self->position;
	enum tbf_status status =
		app_checker_footer(self->setup->cap, &self->position, &self->footer);

	if (status == TBF_OK && (!self->lost || is_whole(&self->footer)))
		return true;
	if (self->info->total_size - start < 2 * FOOTER_ALIGN)
		return false;
	self->lost = true;
	self->position = start + FOOTER_ALIGN;
	self->footer = (struct tbf_footer){0};
	return true;
}

/* Whether the policy looks at this credential at all; tells why not, if that is of interest. */
static bool is_wanted(struct credential_checker *self)
{
	const struct credential_policy *policy = self->setup->policy;

	self->format = format_of(&self->footer);
	if (self->format == NULL)
		return false;
	if (!is_whole(&self->footer)) {
		self->reason = damaged;
		return false;
	}
	if (self->format->kind == NOBODY)
		return policy->hashes;
	if (policy->key_count == 0)
		return false;
	self->key = 0;
	if (find_key(self))
		return true;
	self->reason = unknown_key;
	return false;
}

static void look_on(struct credential_checker *self)
{
	for (uint32_t i = 0; i < STEPS_MAX; i++) {
		if (!next_footer(self)) {
			run_out(self);
			return;
		}
		if (!is_wanted(self))
			continue;
		hash_begin(self);
		return;
	}
	deferred_set(&self->deferred);
}

static void check_called(struct deferred *deferred)
{
	struct credential_checker *self =
		CONTAINER_OF(deferred, struct credential_checker, deferred);

	if (self->state == CHECK_FOOTERS)
		look_on(self);
	else if (self->state == CHECK_ANSWERING)
		check_answer(self);
	credential_keep_version(self);
}

/* ---- the kernel's side ---- */

static void checker_check(struct app_checker *checker, struct app_check *check,
			  const struct tbf_info *info)
{
	struct credential_checker *self = CONTAINER_OF(checker, struct credential_checker, checker);

	self->check = check;
	self->info = info;
	self->reason = no_credential;
	self->position = info->binary_end_offset;
	self->algorithm = DIGEST_NONE;
	self->tries = 0;
	self->hashes = 0;
	self->lost = false;
	self->state = CHECK_FOOTERS;
	deferred_set(&self->deferred);
}

static void checker_keep(struct app_checker *checker, const struct app_identity *identity)
{
	struct credential_checker *self = CONTAINER_OF(checker, struct credential_checker, checker);

	self->keeping = *identity;
	self->keep = true;
	deferred_set(&self->deferred);
}

static const struct app_checker_ops checker_ops = {
	.check = checker_check,
	.keep = checker_keep,
};

static const struct digest_client_ops digest_client_ops = {.done = check_hashed};
static const struct public_key_client_ops key_client_ops = {.verified = check_verified};
static const struct deferred_ops deferred_ops = {.called = check_called};

void credential_checker_init(struct credential_checker *self,
			     const struct credential_checker_setup *setup)
{
	*self = (struct credential_checker){
		.checker = {.ops = &checker_ops},
		.digest_client = {.ops = &digest_client_ops},
		.key_client = {.ops = &key_client_ops},
		.table_client = {.ops = &credential_table_client_ops},
		.deferred = {.ops = &deferred_ops},
		.setup = setup,
	};
	setup->digest->client = &self->digest_client;
	setup->public_key->client = &self->key_client;
	app_table_set_client(setup->table, &self->table_client);
}
