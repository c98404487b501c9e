/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver @NUMBER@: a counter of its own for each process.
 *
 *	command 0	exists
 *	command 1	adds argument 0; Success with u32: the sum. E_INVAL: it would overflow
 */
#ifndef @GUARD@
#define @GUARD@

#include "kernel/driver.h"

enum { DRIVER_@UPPER@ = @NUMBER@ };

struct @IDENT@ {
	struct driver driver;
};

void @IDENT@_init(struct @IDENT@ *self);

#endif
