/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef INTTYPES_H
#define INTTYPES_H

#include <stdint.h>

#endif
