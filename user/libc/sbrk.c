/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <errno.h>

#include "detent/memory.h"
#include "libc.h"

/* Memory for malloc(). */
void *sbrk(ptrdiff_t bytes)
{
	void *start;

	if (memory_extend(bytes, &start) != E_OK) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return start;
}
