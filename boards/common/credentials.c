/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The wiring of `make POLICY=...`; board_policy is written by make (make/policy.mk). */
#include "common/credentials.h"

#include "capsules/app_table_instance.h"
#include "trusted/capability.h"

#include <stddef.h>

extern const struct credential_policy *const board_policy;

struct credential_checker credential_checker;
struct verifier verifier;
static struct app_table table;

static const struct cap_kernel_storage kernel_storage;
static const struct cap_app_checker app_checker;
static const struct cap_helper helper;

static void rest(void)
{
	verifier_rest(&verifier);
}

void credentials_init(struct storage *storage)
{
	static struct credential_checker_setup setup = {
		.digest = &verifier.digest,
		.public_key = &verifier.public_key,
		.table = &table,
		.cap = &app_checker,
		.rest = rest,
	};

	setup.policy = board_policy;
	app_table_init(&table, storage, &kernel_storage);
	verifier_init(&verifier, &helper);
	credential_checker_init(&credential_checker, &setup);
}
