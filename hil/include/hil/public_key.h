/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Checks signatures: by hardware or by a program. One at a time; nothing in it is
 * secret. Buffers as in digest.h.
 */
#ifndef HIL_PUBLIC_KEY_H
#define HIL_PUBLIC_KEY_H

#include "abi/error.h"
#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

enum public_key_kind {
	/* FIPS 186-4. Key: x and y, 32 bytes each. Signature: r and s, the same. Of a SHA-256. */
	PUBLIC_KEY_ECDSA_P256,
	/* RFC 8017, PKCS #1 v1.5, exponent 65537. Key: the modulus, 384 or 512 bytes. Of a SHA-512. */
	PUBLIC_KEY_RSA,
	/* RFC 8032, Ed25519 (pure), the message being a SHA-512. Key: 32 bytes; signature: 64. */
	PUBLIC_KEY_ED25519,
};

struct public_key_request {
	enum public_key_kind kind;
	const uint8_t *digest;
	const uint8_t *key;
	const uint8_t *signature;
	uint16_t key_length;
	uint16_t signature_length;
};

struct public_key;

struct public_key_client {
	const struct public_key_client_ops *ops;
};

struct public_key_client_ops {
	/* E_OK: the signature is right. E_INVAL: it is not. Others: nobody knows. */
	void (*verified)(struct public_key_client *client, enum error status);
};

struct public_key_ops {
	/* E_BUSY: a call is under way. E_SIZE: a length that the kind has not. */
	enum error (*verify)(struct public_key *public_key,
			     const struct public_key_request *request);
};

struct public_key {
	const struct public_key_ops *ops;
	struct public_key_client *client;
};

#endif
