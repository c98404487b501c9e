/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a process may do with stored objects, by its application's identity.
 */
#ifndef KERNEL_STORAGE_PERMISSIONS_H
#define KERNEL_STORAGE_PERMISSIONS_H

#include "kernel/process_id.h"
#include "lib/compiler.h"
#include "lib/storage_rights.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The rights of the process, label included. Without a storage permissions TLV
 * an application has all rights to its own objects and none to others'. False:
 * the handle is stale, or the application has no identity, or a malformed TLV,
 * and gets nothing.
 */
bool process_storage_rights(struct process_id id, struct storage_rights *rights) MUST_CHECK;

/*
 * Whether [address, address + length) lies within one of the writeable flash
 * regions that the application's header declares (TBF, TLV 2). `*offset` is then
 * where it begins, counted from the start of the region that applications are in.
 */
bool process_flash_writeable(struct process_id id, uint32_t address, uint32_t length,
			     uint32_t *offset) MUST_CHECK;

/*
 * Whether [offset, offset + length) of that region is the application's and nobody else's: of
 * a page with another's bytes nothing can be erased without them.
 */
bool process_flash_owns(struct process_id id, uint32_t offset, uint32_t length) MUST_CHECK;

/* The right to keep objects of the kernel's own, label 0. Complete in trusted/capability.h. */
struct cap_kernel_storage;

#endif
