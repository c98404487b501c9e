/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From applications in flash to processes. Private to the kernel. */
#ifndef KERNEL_LOADER_H
#define KERNEL_LOADER_H

#include "abi/error.h"
#include "lib/compiler.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct process;
struct process_policy;

/*
 * Walks the app region and starts every application that can run and is not
 * loaded yet; says of each of the others why it cannot.
 */
void loader_load_all(void);

/* The same at once, for those that app_admitted() takes. `tell`: say why others do not run. */
void loader_load_admitted(bool tell);

/*
 * Hands every application that could run but is not loaded to
 * app_admission_look(); says of each of the others why it cannot.
 */
void loader_look(void);

/*
 * Starts the application of the row that begins at `start`, within the region.
 * E_ALREADY: it is loaded. E_NOMEM: no RAM for it. E_INVAL: the hardware cannot protect it.
 * E_BUSY: no process slot. E_FAIL: it cannot run, and the log says why; none begins there, or
 * the region is held.
 */
enum error loader_load_at(uptr_t start) MUST_CHECK;

/* While true, nothing is loaded. */
void loader_hold(bool hold);

/*
 * A process of a binary that is no application in flash but in the kernel's image.
 * NULL: there is no room for it.
 */
struct process *loader_create_embedded(uptr_t start, uint32_t size,
				       const struct process_policy *policy);

#endif
