/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Applications while the system runs: what lies in their region of flash, and
 * making a process of one or ending it for good. Offsets count from the start of
 * the region.
 */
#ifndef KERNEL_APP_LOADING_H
#define KERNEL_APP_LOADING_H

#include "abi/error.h"
#include "kernel/process_id.h"
#include "lib/app_region.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct cap_app_loading; /* complete only in trusted/capability.h */

uint32_t app_region_address(const struct cap_app_loading *cap);
uint32_t app_region_size(const struct cap_app_loading *cap);

/* Copies bytes; [offset, offset + length) must lie within the region. */
void app_region_read(const struct cap_app_loading *cap, uint32_t offset, uint8_t *to,
		     uint32_t length);
/* app_region_at() of what lies at `offset`, which is within the region or its end. */
void app_region_look(const struct cap_app_loading *cap, uint32_t offset,
		     struct app_region_item *item);

/* While held, no application is loaded: the region has to be repaired first. */
void app_loading_hold(const struct cap_app_loading *cap, bool hold);

/*
 * To be called before bytes of the region change: no binary that they are of counts
 * as checked any more, and a check of one that is under way fails.
 */
void app_loading_forget(const struct cap_app_loading *cap, uint32_t offset, uint32_t length);

/*
 * Makes a process of the application at `offset`. E_ALREADY: it is one. E_NOMEM: no
 * RAM for it. E_INVAL: the hardware cannot protect it. E_BUSY: no process slot is
 * free. E_FAIL: it cannot run, or there is none; the log says why.
 */
enum error app_load(const struct cap_app_loading *cap, uint32_t offset) MUST_CHECK;

/*
 * Ends the process of the application at `offset` and frees its slot and its RAM.
 * E_NODEVICE: no process is of it.
 */
enum error app_unload(const struct cap_app_loading *cap, uint32_t offset) MUST_CHECK;

/* The process of the application at `offset`, alive or ended; nobody: there is none. */
struct process_id app_process(const struct cap_app_loading *cap, uint32_t offset);

/* Where the application of a process lies; UINT32_MAX: nobody, or a stale handle. */
uint32_t app_offset_of(const struct cap_app_loading *cap, struct process_id process);

/* Whether the board's policy lets this process install and remove applications. */
bool process_may_install(struct process_id process);

#endif
