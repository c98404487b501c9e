/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* CONTAINER_OF() for a pointer to const; it keeps the qualifier. */
#ifndef CAPSULES_CONTAINER_H
#define CAPSULES_CONTAINER_H

#include "lib/compiler.h"

#ifndef CONTAINER_OF_CONST
#define CONTAINER_OF_CONST(pointer, type, member)                                                  \
	((const type *)(const void *)((const char *)(1 ? (pointer) : &((const type *)0)->member) - \
				      offsetof(type, member)))
#endif

#endif
