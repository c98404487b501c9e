/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From applications in flash to processes. Private to the kernel. */
#ifndef KERNEL_LOADER_H
#define KERNEL_LOADER_H

#include <stdbool.h>

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

#endif
