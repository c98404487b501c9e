/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Drivers 0xA0000 and 0xA0001: finding a process by a name that it chose, or by its
 * package name. Described in docs/syscalls/a0000_registry.md.
 */
#ifndef CAPSULES_REGISTRY_DRIVER_H
#define CAPSULES_REGISTRY_DRIVER_H

#include "kernel/driver.h"

#include <stdbool.h>

struct registry_driver {
	struct driver driver;
	bool package; /* names are package names */
};

/* Names of 20 bytes that services choose. */
void string_registry_init(struct registry_driver *self);

/* Package names. */
void package_registry_init(struct registry_driver *self);

#endif
