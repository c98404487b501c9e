/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef VERIFIER_ED25519_H
#define VERIFIER_ED25519_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether `signature` (64 bytes) of a message is by `key` (32 bytes): RFC 8032, Ed25519. */
bool ed25519_verify(const uint8_t *signature, const uint8_t *message, size_t length,
		    const uint8_t *key);

#endif
