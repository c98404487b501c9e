/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Hashes and signatures by the kernel's helper process (kernel/helper.h): started
 * with the first call, ended by verifier_rest(). A fault of the library that does
 * the work ends that process and nothing else.
 */
#ifndef CAPSULES_VERIFIER_H
#define CAPSULES_VERIFIER_H

#include "hil/digest.h"
#include "hil/public_key.h"
#include "kernel/deferred.h"
#include "kernel/driver.h"
#include "kernel/helper.h"

#include <stdbool.h>

struct verifier {
	struct driver driver;
	struct digest digest;
	struct public_key public_key;
	struct helper_client client;
	struct deferred deferred;
	const struct cap_helper *cap;

	/* The call under way. */
	uint8_t operation; /* enum verifier_operation */
	uint8_t state;
	bool is_digest;    /* whose client is told */
	bool ready;        /* the process waits for the next one */
	enum error status; /* to be told */
	uint32_t first;
	const uint8_t *data;
	uint32_t length;
	uint8_t *result;
	uint8_t result_length; /* of the hash */
	struct public_key_request request;
};

void verifier_init(struct verifier *self, const struct cap_helper *cap);

/* Ends the process; a call under way is dropped, without a callback. */
void verifier_rest(struct verifier *self);

#endif
