/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel's own helper process, and the capsule that hashes and checks signatures by it. */
#ifndef HOST_HELPER_H
#define HOST_HELPER_H

#include "capsules/verifier.h"
#include "host/host.h"

extern struct verifier host_verifier;

/*
 * Makes the helper a process that does what host_call() says, from its start to its end;
 * without this call it cannot be started. Before the first call that runs the kernel.
 */
struct host_app *host_helper_add(void);

#endif
