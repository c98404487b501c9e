/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Times each implementation by the alarm driver, whose clock is counted instructions
 * in QEMU with -icount shift=0.
 */
#include <stdio.h>
#include <string.h>

#include "bearssl.h"
#include "detent.h"
#include "ed25519.h"
#include "vectors.h"

enum { PIECE = 512, HASHED = 65536 };

static uint8_t digest256[32], digest512[64], piece[PIECE], modulus[512];

static int ecdsa_m31(void)
{
	const br_ec_public_key key = {BR_EC_secp256r1, (unsigned char *)(uintptr_t)ec_point, 65};

	return (int)br_ecdsa_i31_vrfy_raw(&br_ec_p256_m31, digest256, 32, &key, ec_signature, 64);
}

static int ecdsa_m15(void)
{
	const br_ec_public_key key = {BR_EC_secp256r1, (unsigned char *)(uintptr_t)ec_point, 65};

	return (int)br_ecdsa_i15_vrfy_raw(&br_ec_p256_m15, digest256, 32, &key, ec_signature, 64);
}

static int ecdsa_prime_i31(void)
{
	const br_ec_public_key key = {BR_EC_secp256r1, (unsigned char *)(uintptr_t)ec_point, 65};

	return (int)br_ecdsa_i31_vrfy_raw(&br_ec_prime_i31, digest256, 32, &key, ec_signature, 64);
}

static int ecdsa_prime_i15(void)
{
	const br_ec_public_key key = {BR_EC_secp256r1, (unsigned char *)(uintptr_t)ec_point, 65};

	return (int)br_ecdsa_i15_vrfy_raw(&br_ec_prime_i15, digest256, 32, &key, ec_signature, 64);
}

static int rsa(br_rsa_pkcs1_vrfy verify)
{
	static uint8_t exponent[] = {1, 0, 1};
	const br_rsa_public_key key = {modulus, sizeof(modulus), exponent, sizeof(exponent)};
	uint8_t found[64];

	memcpy(modulus, rsa_modulus, sizeof(modulus));
	return verify(rsa_signature, sizeof(rsa_signature), (const uint8_t *)BR_HASH_OID_SHA512,
		      sizeof(found), &key, found) == 1 &&
	       memcmp(found, digest512, sizeof(found)) == 0;
}

static int rsa_i31(void)
{
	return rsa(br_rsa_i31_pkcs1_vrfy);
}

static int rsa_i15(void)
{
	return rsa(br_rsa_i15_pkcs1_vrfy);
}

static int rsa_i32(void)
{
	return rsa(br_rsa_i32_pkcs1_vrfy);
}

static int ed25519(void)
{
	return ed25519_verify(ed_signature, digest512, sizeof(digest512), ed_key);
}

static int sha256(void)
{
	br_sha256_context context;
	uint8_t out[32];

	br_sha256_init(&context);
	for (uint32_t done = 0; done < HASHED; done += PIECE)
		br_sha256_update(&context, piece, PIECE);
	br_sha256_out(&context, out);
	return 1;
}

static int sha512(void)
{
	br_sha512_context context;
	uint8_t out[64];

	br_sha512_init(&context);
	for (uint32_t done = 0; done < HASHED; done += PIECE)
		br_sha512_update(&context, piece, PIECE);
	br_sha512_out(&context, out);
	return 1;
}

static void measure(const char *name, int (*function)(void))
{
	uint32_t start = alarm_now();
	int right = function();
	uint32_t ticks = alarm_now() - start;

	uint32_t hz = 0;
	(void)alarm_frequency(&hz);
	printf("%s %s %u ticks at %u Hz\n", name, right ? "right" : "WRONG", (unsigned int)ticks,
	       (unsigned int)hz);
}

int main(void)
{
	br_sha256_context hash;
	br_sha512_context hash512;

	br_sha256_init(&hash);
	br_sha256_update(&hash, "detent", 6);
	br_sha256_out(&hash, digest256);
	br_sha512_init(&hash512);
	br_sha512_update(&hash512, "detent", 6);
	br_sha512_out(&hash512, digest512);

	measure("ecdsa-p256_m31", ecdsa_m31);
	measure("ecdsa-p256_m15", ecdsa_m15);
	measure("ecdsa-prime_i31", ecdsa_prime_i31);
	measure("ecdsa-prime_i15", ecdsa_prime_i15);
	measure("rsa4096-i31", rsa_i31);
	measure("rsa4096-i15", rsa_i15);
	measure("rsa4096-i32", rsa_i32);
	measure("ed25519-ref10", ed25519);
	measure("sha256-64KiB", sha256);
	measure("sha512-64KiB", sha512);
	printf("bench_crypto: done\n");
	return 0;
}
