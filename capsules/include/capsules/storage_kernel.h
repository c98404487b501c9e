/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The storage core for what the kernel itself keeps; whoever holds the right. */
#ifndef CAPSULES_STORAGE_KERNEL_H
#define CAPSULES_STORAGE_KERNEL_H

#include "capsules/storage.h"

/*
 * As storage_submit(), with the rights of the kernel, label 0, and before the
 * requests of processes. Keys begin with STORAGE_KERNEL.
 */
enum error storage_submit_kernel(struct storage *self, struct storage_request *request,
				 const struct cap_kernel_storage *cap);

#endif
