/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The whole library, for C++. */
#ifndef DETENT_HPP
#define DETENT_HPP

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include "detent.h"
}

#endif
