/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Between the kernel and its own helper process that hashes and checks signatures
 * (helpers/verifier). No other process can use it.
 */
#ifndef ABI_VERIFIER_H
#define ABI_VERIFIER_H

enum { DRIVER_VERIFIER = 0xD00FF };

enum verifier_command {
	VERIFIER_READY = 1, /* argument: enum verifier_result of the operation before */
};

enum verifier_result { VERIFIER_OK = 0, VERIFIER_WRONG = 1 };

enum {
	VERIFIER_UPCALL = 0, /* enum verifier_operation, first, second */
	VERIFIER_BUFFER = 0, /* read-write allow: VERIFIER_BUFFER_SIZE bytes */
	VERIFIER_BUFFER_SIZE = 64 + 512 + 512,
};

enum verifier_operation {
	VERIFIER_HASH_START,  /* first: 256, 384 or 512 */
	VERIFIER_HASH_ADD,    /* first: bytes in the buffer */
	VERIFIER_HASH_FINISH, /* the result goes to the start of the buffer */
	/* Of all three, in the buffer one after the other: the hash, the key, the signature. */
	VERIFIER_ECDSA_P256, /* SHA-256, x and y, r and s */
	VERIFIER_RSA,        /* SHA-512, modulus, signature; first: bytes of the modulus */
	VERIFIER_ED25519,    /* SHA-512, key, signature */
};

#endif
