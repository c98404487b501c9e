/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DETENT_ERROR_H
#define DETENT_ERROR_H

#include "abi/error.h"

/*
 * The kernel answered with another kind of value than the call has: a driver
 * of another version. Never sent by a kernel (TRD104, section 3.4, BADRVAL).
 */
#define E_BAD_VARIANT ((enum error)1024)

/* A short English text for any value, never null. */
const char *error_text(enum error error);

#endif
