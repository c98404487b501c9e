/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * libsodium's verification, with the SHA-512 of BearSSL, which is there anyway, and
 * without the rest of libsodium: what its files ask for is here.
 */
#include "ed25519.h"

#include <string.h>

#include "bearssl.h"
#include "crypto_hash_sha512.h"
#include "crypto_sign_ed25519.h"
#include "crypto_verify_32.h"
#include "utils.h"

_Static_assert(sizeof(crypto_hash_sha512_state) >= sizeof(br_sha512_context),
	       "one is kept in the other's place");

int crypto_hash_sha512_init(crypto_hash_sha512_state *state)
{
	br_sha512_init((br_sha512_context *)(void *)state);
	return 0;
}

int crypto_hash_sha512_update(crypto_hash_sha512_state *state, const unsigned char *in,
			      unsigned long long length)
{
	br_sha512_update((br_sha512_context *)(void *)state, in, (size_t)length);
	return 0;
}

int crypto_hash_sha512_final(crypto_hash_sha512_state *state, unsigned char *out)
{
	br_sha512_out((const br_sha512_context *)(const void *)state, out);
	return 0;
}

/* Of libsodium's own: sign.c has it, with what only signing needs. */
void _crypto_sign_ed25519_ref10_hinit(crypto_hash_sha512_state *state, int prehashed);

void _crypto_sign_ed25519_ref10_hinit(crypto_hash_sha512_state *state, int prehashed)
{
	(void)prehashed;
	crypto_hash_sha512_init(state);
}

int crypto_verify_32(const unsigned char *x, const unsigned char *y)
{
	return memcmp(x, y, 32) == 0 ? 0 : -1;
}

int sodium_memcmp(const void *const x, const void *const y, size_t length)
{
	return memcmp(x, y, length) == 0 ? 0 : -1;
}

int sodium_is_zero(const unsigned char *bytes, const size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != 0)
			return 0;
	return 1;
}

bool ed25519_verify(const uint8_t *signature, const uint8_t *message, size_t length,
		    const uint8_t *key)
{
	return crypto_sign_ed25519_verify_detached(signature, message, length, key) == 0;
}
