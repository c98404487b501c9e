/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A process of the kernel's own: its binary is in the kernel's image, it runs as
 * unprivileged as any other, and only while it is needed. Code that the kernel wants
 * to use but not to trust with everything belongs there.
 */
#ifndef KERNEL_HELPER_H
#define KERNEL_HELPER_H

#include "abi/error.h"
#include "kernel/process_id.h"
#include "lib/compiler.h"

struct cap_helper; /* complete only in trusted/capability.h */

struct helper_client {
	const struct helper_client_ops *ops;
};

struct helper_client_ops {
	/* It ended though nobody stopped it: it faulted or was terminated. */
	void (*ended)(struct helper_client *client);
};

/* E_ALREADY: it runs. E_NOMEM: there is no RAM, or no slot, for it now. */
enum error helper_start(const struct cap_helper *cap, struct helper_client *client) MUST_CHECK;

/* Ends it; its RAM and its slot are free again. Nothing happens where it does not run. */
void helper_stop(const struct cap_helper *cap);

/* Its process; nobody where it does not run. */
struct process_id helper_process(const struct cap_helper *cap);

#endif
