/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Policies for credentials, as data that a board gives. In the words of Tock's TRD
 * on application identifiers: which credentials are accepted and whether one is
 * required (credentials checking policy), and what makes two binaries the same
 * application (identifier policy). docs/reference/appid.md explains them.
 */
#ifndef CAPSULES_CREDENTIALS_H
#define CAPSULES_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

enum { KEY_FINGERPRINT = 16 /* bytes */ };

/* A key of the board's trust set. */
struct trusted_key {
	const uint8_t *key; /* as hil/public_key.h has it */
	uint16_t length;
	uint8_t kind; /* enum public_key_kind */
	uint8_t role; /* what the board makes of it; 0: nothing in particular */
	bool revoked; /* what is signed by it is refused, whoever else signed it */
	uint8_t fingerprint[KEY_FINGERPRINT]; /* of SHA-256 of kind and key; names it for good */
};

enum identifier_rule {
	IDENTIFIER_NONE,         /* locally unique: nothing lasts */
	IDENTIFIER_NAME,         /* the package name */
	IDENTIFIER_KEY,          /* the key: every application has its own */
	IDENTIFIER_KEY_AND_NAME, /* one signer's applications cannot pass for another's */
	IDENTIFIER_TLV,          /* the short id that the header names */
};

struct credential_policy {
	const char *name;
	bool required;      /* without an accepted credential nothing runs */
	bool hashes;        /* a hash that fits is accepted */
	uint8_t identifier; /* enum identifier_rule */
	const struct trusted_key *keys;
	uint32_t key_count;
};

/* Three that need no keys: everything runs; only what is whole; developers' boards. */
extern const struct credential_policy credentials_accept_all;
extern const struct credential_policy credentials_hash_required;
extern const struct credential_policy credentials_by_name;

/* One key signs all applications of the device; what tells them apart is the name. */
#define CREDENTIALS_ONE_KEY(the_key)                                                               \
	{                                                                                          \
		.name = "one key", .required = true, .identifier = IDENTIFIER_NAME,                \
		.keys = (the_key), .key_count = 1                                                  \
	}

/* Several signers, each with a role. */
#define CREDENTIALS_KEY_SET(the_keys, count)                                                       \
	{                                                                                          \
		.name = "key set", .required = true, .identifier = IDENTIFIER_KEY_AND_NAME,        \
		.keys = (the_keys), .key_count = (count)                                           \
	}

#endif
