/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Goes through the footers of a binary, one piece at a time, until the policy
 * accepts or rejects; then finds out which application it is and whether its
 * version may run.
 */
#ifndef CAPSULES_CREDENTIAL_CHECKER_H
#define CAPSULES_CREDENTIAL_CHECKER_H

#include "capsules/app_table.h"
#include "capsules/credentials.h"
#include "hil/digest.h"
#include "hil/public_key.h"
#include "kernel/app_checker.h"
#include "kernel/deferred.h"

#include <stdbool.h>

struct credential_checker;
struct credential_format;

struct credential_checker_setup {
	const struct credential_policy *policy;
	struct digest *digest;
	struct public_key *public_key;
	struct app_table *table;
	const struct cap_app_checker *cap;
	/* Called after each binary, so that what hashed it can rest; NULL: nothing to do. */
	void (*rest)(void);
};

struct credential_checker {
	struct app_checker checker;
	struct digest_client digest_client;
	struct public_key_client key_client;
	struct app_table_client table_client;
	struct deferred deferred;
	const struct credential_checker_setup *setup;

	struct app_check *check; /* NULL: none */
	const struct tbf_info *info;
	const char *reason; /* of the last credential that did not do */
	uint32_t position;  /* of the next footer */
	uint32_t hashed;    /* bytes, while hashing */
	uint32_t key;       /* that is tried, for the footer that is looked at */
	struct tbf_footer footer;
	const struct credential_format *format; /* of the footer */
	enum error status;                      /* that the deferred call answers with */
	uint8_t state;
	uint8_t tries, hashes;
	uint8_t algorithm; /* of `hash`, enum digest_algorithm; DIGEST_NONE: it holds none */
	struct app_identity keeping; /* whose version is to be kept, if `keep` */
	bool keep, raising;
	bool lost; /* a damaged footer: whole credentials are looked for from here on */
	uint8_t hash[DIGEST_MAX];
	uint8_t piece[DIGEST_PIECE]; /* of the binary; or a signature */
};

/* The setup stays the caller's and must not change. */
void credential_checker_init(struct credential_checker *self,
			     const struct credential_checker_setup *setup);

#endif
