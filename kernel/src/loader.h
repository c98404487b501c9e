/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From applications in flash to processes. Private to the kernel. */
#ifndef KERNEL_LOADER_H
#define KERNEL_LOADER_H

/*
 * Walks the app region and starts every application that can run and is not
 * loaded yet; says of each of the others why it cannot.
 */
void loader_load_all(void);

#endif
