/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From applications in flash to processes. Private to the kernel. */
#ifndef KERNEL_LOADER_H
#define KERNEL_LOADER_H

/* Says what kernel this is, from the build record. */
void loader_greet(void);

/*
 * Walks the app region and starts every application that can run; says of each
 * of the others why it cannot. Once, at start.
 */
void loader_load_all(void);

#endif
