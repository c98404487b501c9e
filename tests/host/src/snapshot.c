/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * For fuzzers, which start the kernel many times in one program: its variables and
 * the board's, which make/host.mk collects in sections of their own, as they were at
 * first.
 */
#include "poison.h"
#include "state.h"

#include <stdlib.h>

extern uint8_t __start_kernel_data[], __stop_kernel_data[];
extern uint8_t __start_kernel_bss[], __stop_kernel_bss[];

/* Between variables lie bytes that AddressSanitizer watches. */
static void NO_SANITIZE raw_copy(volatile uint8_t *to, const volatile uint8_t *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

static void NO_SANITIZE raw_zero(volatile uint8_t *to, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = 0;
}

bool host_fresh_kernel(void)
{
	static uint8_t *saved;
	size_t length = (size_t)(__stop_kernel_data - __start_kernel_data);

	raw_zero(__start_kernel_bss, (size_t)(__stop_kernel_bss - __start_kernel_bss));
	if (saved != NULL) {
		raw_copy(__start_kernel_data, saved, length);
		return true;
	}
	saved = malloc(length + 1);
	if (saved == NULL)
		return false;
	raw_copy(saved, __start_kernel_data, length);
	return true;
}
