/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's helper that hashes and checks signatures: an unprivileged process
 * that the kernel starts when it has something to check, and ends afterwards. All
 * that it is given is public.
 */
#include <stdint.h>
#include <string.h>

#include "abi/drivers.h"
#include "abi/verifier.h"
#include "bearssl.h"
#include "detent/syscall.h"
#include "ed25519.h"

enum { P256_POINT = 65, SHA256_SIZE = 32, SHA512_SIZE = 64 };

static uint8_t buffer[VERIFIER_BUFFER_SIZE];

static union {
	const br_hash_class *vtable;
	br_sha256_context sha256;
	br_sha384_context sha384;
	br_sha512_context sha512;
} hash;

static void hash_start(uint32_t bits)
{
	if (bits == 256)
		br_sha256_init(&hash.sha256);
	else if (bits == 384)
		br_sha384_init(&hash.sha384);
	else
		br_sha512_init(&hash.sha512);
}

static enum verifier_result verdict(int right)
{
	return right ? VERIFIER_OK : VERIFIER_WRONG;
}

static enum verifier_result check_ecdsa(void)
{
	uint8_t point[P256_POINT] = {4}; /* SEC 1, 2.3.3: not compressed */
	const uint8_t *key = buffer + SHA256_SIZE;
	const br_ec_public_key public_key = {BR_EC_secp256r1, point, sizeof(point)};

	memcpy(point + 1, key, sizeof(point) - 1);
	return verdict(br_ecdsa_i31_vrfy_raw(&br_ec_p256_m31, buffer, SHA256_SIZE, &public_key,
					     key + 64, 64) == 1);
}

static enum verifier_result check_rsa(uint32_t length)
{
	static uint8_t exponent[] = {1, 0, 1};
	const uint8_t *oid = (const uint8_t *)BR_HASH_OID_SHA512;
	uint8_t *modulus = buffer + SHA512_SIZE;
	uint8_t found[SHA512_SIZE];
	const br_rsa_public_key key = {modulus, length, exponent, sizeof(exponent)};

	if (length > 512)
		return VERIFIER_WRONG;
	if (br_rsa_i31_pkcs1_vrfy(modulus + length, length, oid, sizeof(found), &key, found) != 1)
		return VERIFIER_WRONG;
	return verdict(memcmp(found, buffer, sizeof(found)) == 0);
}

static enum verifier_result check_ed25519(void)
{
	const uint8_t *key = buffer + SHA512_SIZE;

	return verdict(ed25519_verify(key + 32, buffer, SHA512_SIZE, key));
}

static enum verifier_result perform(uint32_t operation, uint32_t argument)
{
	switch (operation) {
	case VERIFIER_HASH_START:
		hash_start(argument);
		return VERIFIER_OK;
	case VERIFIER_HASH_ADD:
		if (argument > sizeof(buffer))
			return VERIFIER_WRONG;
		hash.vtable->update(&hash.vtable, buffer, argument);
		return VERIFIER_OK;
	case VERIFIER_HASH_FINISH:
		hash.vtable->out(&hash.vtable, buffer);
		return VERIFIER_OK;
	case VERIFIER_ECDSA_P256:
		return check_ecdsa();
	case VERIFIER_RSA:
		return check_rsa(argument);
	case VERIFIER_ED25519:
		return check_ed25519();
	default:
		return VERIFIER_WRONG;
	}
}

int main(void)
{
	enum verifier_result result = VERIFIER_OK;
	struct allowed shared = {buffer, sizeof(buffer)};

	if (allow_rw(DRIVER_VERIFIER, VERIFIER_BUFFER, shared, NULL) != E_OK)
		return 1;
	while (command_done(DRIVER_VERIFIER, VERIFIER_READY, result, 0) == E_OK) {
		struct upcall_values job = yield_wait_for(DRIVER_VERIFIER, VERIFIER_UPCALL);

		result = perform(job.arg[0], job.arg[1]);
	}
	return 1;
}
