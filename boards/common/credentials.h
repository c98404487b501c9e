/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a board adds so that `make POLICY=...` can choose what it takes for
 * applications (docs/reference/appid.md). Without POLICY it is nothing.
 */
#ifndef BOARDS_COMMON_CREDENTIALS_H
#define BOARDS_COMMON_CREDENTIALS_H

#include "capsules/storage.h"

#ifdef DETENT_POLICY

#include "abi/verifier.h"
#include "capsules/credential_checker.h"
#include "capsules/verifier.h"

extern struct credential_checker credential_checker;
extern struct verifier verifier;

#define CREDENTIALS_CHECKER .checker = &credential_checker.checker,
#define CREDENTIALS_DRIVER {DRIVER_VERIFIER, &verifier.driver},
#define CREDENTIALS_STORAGE STORAGE_BY_SHORT_ID
#define CREDENTIALS_INSTALLER_ROLE INSTALLER_ROLE

/* After storage_init(), and before kernel_start(). */
void credentials_init(struct storage *storage);

#else

#define CREDENTIALS_CHECKER
#define CREDENTIALS_DRIVER
#define CREDENTIALS_STORAGE STORAGE_BY_CLAIM
#define CREDENTIALS_INSTALLER_ROLE 0

static inline void credentials_init(struct storage *storage)
{
	(void)storage;
}

#endif

#endif
