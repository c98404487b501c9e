/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The part of the start that needs no assembly: memory is in order, constructors
 * have not run.
 */
#include <stdlib.h>

#include "detent/compiler.h"

typedef void constructor(void);

extern constructor *const __preinit_array_start[];
extern constructor *const __preinit_array_end[];
extern constructor *const __init_array_start[];
extern constructor *const __init_array_end[];

int main(void);
NORETURN void start_main(void);

static void run_all(constructor *const *first, constructor *const *end)
{
	for (constructor *const *next = first; next < end; next++)
		(*next)();
}

NORETURN void start_main(void)
{
	run_all(__preinit_array_start, __preinit_array_end);
	run_all(__init_array_start, __init_array_end);
	exit(main());
}
