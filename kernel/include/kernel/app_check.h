/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Asking whether a binary in flash would be let run, by the board's policy for
 * credentials (docs/reference/appid.md). It takes long: the answer comes by a
 * callback, and processes and interrupts are served meanwhile.
 */
#ifndef KERNEL_APP_CHECK_H
#define KERNEL_APP_CHECK_H

#include "abi/error.h"
#include "kernel/app_identity.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct cap_app_check; /* the right to ask; complete only in trusted/capability.h */

/* A binary: its bytes, footers included, must not change while it is checked. */
struct app_binary {
	uint32_t address; /* of its header's first byte, in the app region */
	uint32_t size;    /* bytes that may be read from there: total_size or more */
};

struct app_check {
	const struct app_check_ops *ops;
	struct app_binary binary;

	/* The answer. */
	struct app_identity identity;
	uint32_t floor;     /* lowest version that may run; 0: any */
	const char *reason; /* why not, for a person: "it has no ..."; NULL where it may run */

	/* The kernel's. */
	struct app_check *next;
	bool pending, changed; /* changed: not the bytes any more that were to be checked */
};

struct app_check_ops {
	/*
	 * Exactly one for each app_check_start() that answered E_OK, never from inside
	 * of it. The request and what it points to are the caller's again.
	 *
	 *	E_OK         it may run; `identity` and `floor` say as whom
	 *	E_INVAL      there is no whole TBF header of an application
	 *	E_NOSUPPORT  the policy does not accept its credentials
	 *	E_ALREADY    its version is below the floor: a newer one has run
	 *	E_NOMEM      there is no room to check it in, now
	 *	E_FAIL       the check could not be finished
	 */
	void (*checked)(struct app_check *check, enum error status);
};

/*
 * Checks check->binary; several requests are answered in order. Nothing is kept
 * of the answer and no floor is raised: loading the binary (process_load()) does
 * that, and checks again what then lies in flash. E_BUSY: it is under way
 * already. E_INVAL: the binary is not within the app region.
 */
enum error app_check_start(const struct cap_app_check *cap, struct app_check *check) MUST_CHECK;

#endif
