/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the files of the credential checker. */
#ifndef CREDENTIAL_CHECKER_PRIVATE_H
#define CREDENTIAL_CHECKER_PRIVATE_H

#include "capsules/credential_checker.h"

enum state {
	CHECK_IDLE,
	CHECK_FOOTERS,    /* looking for the next credential */
	CHECK_HASH_START, /* these wait for the digest */
	CHECK_HASHING,
	CHECK_HASH_END,
	CHECK_VERIFYING,   /* for the public-key engine */
	CHECK_IDENTIFYING, /* for the table */
	CHECK_IDENTIFY,    /* the table is at work on a version that is to be kept */
	CHECK_ANSWERING,
};

/* Answers from the main loop. `reason` is why the binary is refused; NULL: it is not. */
void credential_check_end(struct credential_checker *self, enum error status, const char *reason);

/* Its credentials are judged: finds out which application it is, and ends the check. */
void credential_identify(struct credential_checker *self);

/* Keeps a version, unless the table is at work. What nothing vouches for has no floor. */
void credential_keep_version(struct credential_checker *self);

extern const struct app_table_client_ops credential_table_client_ops;

#endif
