/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/credentials.h"

const struct credential_policy credentials_accept_all = {
	.name = "accept all",
	.identifier = IDENTIFIER_NONE,
};

const struct credential_policy credentials_hash_required = {
	.name = "hash required",
	.required = true,
	.hashes = true,
	.identifier = IDENTIFIER_NAME,
};

const struct credential_policy credentials_by_name = {
	.name = "by name",
	.identifier = IDENTIFIER_NAME,
};
