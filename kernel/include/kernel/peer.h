/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Finding another process by its name, for capsules that bring processes together;
 * by identity: kernel/app_identity.h. A handle names one life: it is stale once that
 * process ends or restarts.
 */
#ifndef KERNEL_PEER_H
#define KERNEL_PEER_H

#include "kernel/process_id.h"

#include <stddef.h>
#include <stdint.h>

struct cap_loans; /* complete only in trusted/capability.h */

enum { PEER_NAME_MAX = 64 /* bytes of a package name that are compared */ };

/*
 * The first live process of this package name, which anybody can put into a
 * header: no proof of identity. Nobody: there is none, or length > PEER_NAME_MAX.
 */
struct process_id peer_by_name(const struct cap_loans *cap, const char *name, size_t length);

#endif
