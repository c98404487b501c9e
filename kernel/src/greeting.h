/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KERNEL_GREETING_H
#define KERNEL_GREETING_H

/* Says what kernel this is, from the build record. */
void greeting_print(void);

#endif
