/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Each test runs in a process of its own: one start is enough. */
#include "state.h"

bool host_fresh_kernel(void)
{
	static bool used;
	bool fresh = !used;

	used = true;
	return fresh;
}
