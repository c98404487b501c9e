/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Private to the kernel. */
#ifndef KERNEL_APP_IDENTITY_PRIVATE_H
#define KERNEL_APP_IDENTITY_PRIVATE_H

#include "kernel/app_identity.h"
#include "lib/tbf.h"

/* What a header says of itself, with nothing that vouches for it. */
struct app_identity app_identity_claimed(const struct tbf_info *info);

#endif
